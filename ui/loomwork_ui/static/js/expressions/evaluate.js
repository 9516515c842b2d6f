/**
 * The language in the browser. The server turns an expression into a small program in JSON (see
 * `to_javascript`), because the content security policy forbids to run texts as code; here it
 * becomes a function.
 */

import { ARITHMETIC } from "./arithmetic.js";
import { lookUp } from "./functions.js";
import { aggregate, follow, under } from "./relations.js";
import { writeDate } from "./times.js";
import { compare, read } from "./values.js";

/** @typedef {import("./values.js").Value} Value */
/** @typedef {import("./values.js").Json} Json */
/** @typedef {Record<string, any>} Row values by field as in the REST API's JSON */
/**
 * @typedef {object} Relations
 * @property {(entity: string, id: string) => Row | null} linked
 * @property {(entity: string, link: string, id: string) => Iterable<Row>} linking
 */
/**
 * What an expression is evaluated against, beside the record.
 * @typedef {object} Context
 * @property {Record<string, Json>} [given] values of `user`, `today` and settings, by name
 * @property {Record<string, Row | null>} [roots] the records `old`, `this`, `candidate` and so on
 * @property {Relations} [relations]
 * @property {(day: string) => string} [startOfDay] the moment at which a day begins
 */
/** @typedef {(row: Row, context: Context) => Value} Evaluate */
/** @typedef {any[]} Program */

/** @type {Record<string, (...parts: any[]) => Evaluate>} */
const FORMS = {
  value: (kind, written) => fixed(read(kind, written)),
  field,
  given: (name, kind) => (_, context) => read(kind, context.given?.[name]),
  "==": (left, right) => comparing(left, right, (one, other) => one === other),
  "!=": (left, right) => opposite(comparing(left, right, (one, other) => one === other)),
  "<": (left, right) => comparing(left, right, (one, other) => compare(one, other) < 0),
  "<=": (left, right) => comparing(left, right, (one, other) => compare(one, other) <= 0),
  ">": (left, right) => comparing(left, right, (one, other) => compare(one, other) > 0),
  ">=": (left, right) => comparing(left, right, (one, other) => compare(one, other) >= 0),
  in: (value, options) => among(compile(value), options.map(compile)),
  member: (value, set) => comparing(value, set, (one, many) => many.has(one)),
  missing: (part) => missing(compile(part)),
  changed,
  and: (...parts) => every(parts.map(compileCondition)),
  or: (...parts) => some(parts.map(compileCondition)),
  not: (part) => opposite(compileCondition(part)),
  if: (condition, then, otherwise) => choose(compileCondition(condition), compile(then), compile(otherwise)),
  call: (name, ...parts) => call(lookUp(name), parts.map(compile)),
  arithmetic: (sign, left, right) => applied(ARITHMETIC[sign], [compile(left), compile(right)], null),
  aggregate: (shape, value, where) => aggregate(shape, value && compile(value), where && compileCondition(where)),
  under: (value, ancestor, shape) => under(compile(value), compile(ancestor), shape),
  start_of_day: (part) => startOfDay(compile(part)),
};

/**
 * Turn a program into a function.
 * @param {Program} program
 * @returns {Evaluate}
 */
export function compile([form, ...parts]) {
  const make = FORMS[form];
  if (!make) throw new Error(`Unknown form ${form}`);
  return make(...parts);
}

/**
 * Turn a program into a condition; one whose value is missing does not hold.
 * @param {Program} program
 * @returns {(row: Row, context: Context) => boolean}
 */
export function compileCondition(program) {
  const evaluate = compile(program);
  return (row, context) => evaluate(row, context) === true;
}

/** @param {Value} value @returns {Evaluate} */
const fixed = (value) => () => value;

/** @param {Evaluate} part @returns {Evaluate} */
const opposite = (part) => (row, context) => part(row, context) !== true;

/** @param {Evaluate} part @returns {Evaluate} */
const missing = (part) => (row, context) => part(row, context) === null;

/** @param {Evaluate[]} parts @returns {Evaluate} */
const every = (parts) => (row, context) => parts.every((part) => part(row, context) === true);

/** @param {Evaluate[]} parts @returns {Evaluate} */
const some = (parts) => (row, context) => parts.some((part) => part(row, context) === true);

/**
 * @param {string} name
 * @param {string} kind
 * @param {string} root
 * @param {[string, string][]} path
 * @returns {Evaluate}
 */
function field(name, kind, root = "", path = []) {
  if (!root && !path.length) return (row) => read(kind, row[name]);
  return (row, context) => read(kind, follow(row, context, root, path)?.[name]);
}

/**
 * @param {Program} left
 * @param {Program} right
 * @param {(one: any, other: any) => boolean} holds
 * @returns {Evaluate}
 */
function comparing(left, right, holds) {
  return applied(holds, [compile(left), compile(right)], false);
}

/**
 * @param {(...values: any[]) => Value} operation
 * @param {Evaluate[]} parts
 * @param {Value} otherwise the result where a part is missing
 * @returns {Evaluate}
 */
function applied(operation, parts, otherwise) {
  return (row, context) => {
    const values = parts.map((part) => part(row, context));
    return values.includes(null) ? otherwise : operation(...values);
  };
}

/**
 * @param {import("./functions.js").Entry} entry
 * @param {Evaluate[]} parts
 * @returns {Evaluate}
 */
function call({ call: operation, missing: otherwise }, parts) {
  if (otherwise !== "given") return applied(operation, parts, otherwise);
  return (row, context) => operation(...parts.map((part) => part(row, context)));
}

/**
 * @param {Evaluate} value
 * @param {Evaluate[]} options
 * @returns {Evaluate}
 */
function among(value, options) {
  return (row, context) => {
    const found = value(row, context);
    return found !== null && options.some((option) => option(row, context) === found);
  };
}

/**
 * @param {string} name
 * @param {string} kind
 * @returns {Evaluate}
 */
function changed(name, kind) {
  return (row, context) => !same(read(kind, row[name]), read(kind, context.roots?.old?.[name]));
}

/** @param {Value} left @param {Value} right */
function same(left, right) {
  if (!(left instanceof Set && right instanceof Set)) return left === right;
  const others = [...right];
  return left.size === right.size && [...left].every((value, place) => value === others[place]);
}

/**
 * @param {(row: Row, context: Context) => boolean} condition
 * @param {Evaluate} then
 * @param {Evaluate} otherwise
 * @returns {Evaluate}
 */
function choose(condition, then, otherwise) {
  return (row, context) => (condition(row, context) ? then : otherwise)(row, context);
}

/**
 * @param {Evaluate} part
 * @returns {Evaluate}
 */
function startOfDay(part) {
  return (row, context) => {
    const day = part(row, context);
    if (!context.startOfDay) throw new Error("No start of day in this context");
    return day === null ? null : read("datetime", context.startOfDay(writeDate(/** @type {number} */ (day))));
  };
}
