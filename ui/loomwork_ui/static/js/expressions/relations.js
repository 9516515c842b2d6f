/**
 * From a record to others: over links, over what links to it, and up a tree.
 */

import { greatest, least } from "./functions.js";
import { average, bounded, fromInteger, total } from "./numbers.js";
import { read } from "./values.js";

/** @typedef {import("./evaluate.js").Context} Context */
/** @typedef {import("./evaluate.js").Evaluate} Evaluate */
/** @typedef {import("./evaluate.js").Row} Row */
/** @typedef {import("./values.js").Value} Value */
/**
 * @typedef {object} Shape
 * @property {string} function
 * @property {string} entity whose records are looked at
 * @property {string} link their field that leads here
 * @property {string} root
 * @property {[string, string][]} path links and the entities that they lead to
 */

/** @param {Context} context */
function relationsOf({ relations }) {
  if (!relations) throw new Error("No relations in this context");
  return relations;
}

/**
 * @param {Row | null | undefined} row
 * @param {string} name of a link
 */
const linkOf = (row, name) => /** @type {string | null} */ (read("link", row?.[name]));

/**
 * The record at the end of a path, null where a link on the way is missing or leads nowhere.
 * @param {Row} row
 * @param {Context} context
 * @param {string} root
 * @param {[string, string][]} path
 * @returns {Row | null}
 */
export function follow(row, context, root, path) {
  let present = root ? (context.roots?.[root] ?? null) : row;
  for (const [name, entity] of path) {
    const id = linkOf(present, name);
    present = id && relationsOf(context).linked(entity, id);
  }
  return present;
}

/** @type {Record<string, (values: any[]) => Value>} */
const OVER_VALUES = {
  sum: (values) => bounded(total(values)),
  avg: (values) => (values.length ? average(values) : null),
  min: (values) => least(...values),
  max: (values) => greatest(...values),
};

/**
 * @param {Shape} shape
 * @param {Evaluate | null} value
 * @param {((row: Row, context: Context) => boolean) | null} where
 * @returns {Evaluate}
 */
export function aggregate(shape, value, where) {
  const over = OVER_VALUES[shape.function];
  return (row, context) => {
    const inside = { ...context, roots: { ...context.roots, this: row } };
    const fits = (/** @type {Row} */ child) => !where || where(child, inside);
    const children = childrenOf(shape, row, context);
    if (shape.function === "any") return children.some(fits);
    if (shape.function === "all") return children.every(fits);
    const chosen = children.filter(fits);
    if (shape.function === "count") return fromInteger(chosen.length);
    const values = chosen.map((child) => /** @type {Evaluate} */ (value)(child, inside));
    return over(values.filter((each) => each !== null));
  };
}

/**
 * @param {Shape} shape
 * @param {Row} row
 * @param {Context} context
 * @returns {Row[]}
 */
function childrenOf({ entity, link, root, path }, row, context) {
  const [last = "id"] = path.at(-1) ?? [];
  const id = linkOf(follow(row, context, root, path.slice(0, -1)), last);
  return id === null ? [] : [...relationsOf(context).linking(entity, link, id)];
}

/**
 * @param {Evaluate} value
 * @param {Evaluate} ancestor
 * @param {{entity: string, parent: string}} shape
 * @returns {Evaluate}
 */
export function under(value, ancestor, { entity, parent }) {
  return (row, context) => {
    const top = ancestor(row, context);
    let id = /** @type {string | null} */ (value(row, context));
    const seen = new Set();
    while (top !== null && id !== null && !seen.has(id)) {
      if (id === top) return true;
      seen.add(id);
      id = linkOf(relationsOf(context).linked(entity, id), parent);
    }
    return false;
  };
}
