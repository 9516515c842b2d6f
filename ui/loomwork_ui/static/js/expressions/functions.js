/**
 * The functions of the language. Arguments are present, except where a function says otherwise;
 * with a missing argument the result is missing.
 */

import * as numbers from "./numbers.js";
import * as texts from "./texts.js";
import * as times from "./times.js";
import { compare } from "./values.js";

/** @typedef {import("./values.js").Value} Value */
/**
 * @typedef {object} Entry
 * @property {(...values: any[]) => Value} call
 * @property {Value | "given"} missing the result where an argument is missing; "given": the
 *   function gets missing arguments too
 */

/** @type {Map<string, Entry>} */
const table = new Map();

/**
 * Add a function, or replace one. A plug-in calls this from the module that it names.
 * @param {string} name
 * @param {(...values: any[]) => Value} call
 * @param {{missing?: Value | "given"}} [options]
 */
export function register(name, call, { missing = null } = {}) {
  table.set(name, { call, missing });
}

/** @param {string} name */
export function lookUp(name) {
  const found = table.get(name);
  if (!found) throw new Error(`No function ${name} in the browser`);
  return found;
}

/** @param {(comparison: number) => boolean} better */
const best = (better) => (/** @type {Value[]} */ ...values) => {
  const present = values.filter((value) => value !== null);
  return present.reduce((found, value) => (better(compare(value, found)) ? value : found), present[0] ?? null);
};

export const least = best((comparison) => comparison < 0);
export const greatest = best((comparison) => comparison > 0);

/** @param {string} text @param {string} part */
const contains = (text, part) => text.includes(part);
/** @param {string} text @param {string} part */
const startsWith = (text, part) => text.startsWith(part);
/** @param {string} text @param {string} part */
const endsWith = (text, part) => text.endsWith(part);
/** @param {string} text */
const length = (text) => numbers.fromInteger(texts.countCharacters(text));
/** @param {...Value} values */
const coalesce = (...values) => values.find((value) => value !== null) ?? null;

for (const [name, call] of Object.entries({
  lower: texts.lower,
  upper: texts.upper,
  trim: texts.trim,
  length,
  round: numbers.round,
  abs: numbers.absolute,
  floor: numbers.floor,
  ceil: numbers.ceil,
  year: times.year,
  month: times.month,
  day: times.day,
  quarter: times.quarter,
  weekday: times.weekday,
  days: times.days,
  hours: times.hours,
  add_months: times.addMonths,
  start_of: times.startOf,
  days_between: times.daysBetween,
})) register(name, call);
for (const [name, call] of Object.entries({ contains, starts_with: startsWith, ends_with: endsWith })) {
  register(name, call, { missing: false });
}
for (const [name, call] of Object.entries({ concat: texts.concat, coalesce, min: least, max: greatest })) {
  register(name, call, { missing: "given" });
}
