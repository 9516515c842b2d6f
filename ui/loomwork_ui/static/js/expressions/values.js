/**
 * Between the REST API's JSON and the values that expressions compute with.
 *
 * | kind                | JSON                    | value                                     |
 * |---------------------|-------------------------|-------------------------------------------|
 * | number              | number or text          | bigint in units of 10^-10                 |
 * | text, link          | text, {"id": text}      | string                                    |
 * | date                | "2026-01-31"            | number of the day, from 0001-01-01 as 1   |
 * | datetime            | "2026-01-31T08:00:00Z"  | bigint of microseconds since 1970         |
 * | duration            | microseconds as text    | bigint                                    |
 * | boolean             | true, false             | boolean                                   |
 * | texts, links        | list                    | Set of strings                            |
 *
 * A missing value is null.
 */

import { parseNumber, writeNumber } from "./numbers.js";
import { compareTexts } from "./texts.js";
import { parseDate, parseMoment, writeDate, writeMoment } from "./times.js";

/** @typedef {string | bigint | number | boolean | Set<string> | null} Value */
/** @typedef {string | number | boolean | null | object} Json */

/** @param {string | {id: string}} link */
const idOf = (link) => String(typeof link === "object" ? link.id : link).toLowerCase();

/** @type {Record<string, (written: any) => Value>} */
const READERS = {
  text: (written) => String(written) || null,
  number: parseNumber,
  date: (written) => parseDate(String(written)),
  datetime: (written) => parseMoment(String(written)),
  duration: (written) => BigInt(written),
  boolean: (written) => written === true,
  link: (written) => idOf(written) || null,
  texts: (written) => (written.length ? new Set(written.map(String)) : null),
  links: (written) => (written.length ? new Set(written.map(idOf)) : null),
};

/** @type {Record<string, (value: any) => Json>} */
const WRITERS = {
  number: writeNumber,
  date: writeDate,
  datetime: writeMoment,
  duration: String,
  texts: (value) => [...value],
  links: (value) => [...value],
};

/**
 * @param {string} kind
 * @param {any} written
 * @returns {Value}
 */
export function read(kind, written) {
  return written === null || written === undefined || written === "" ? null : READERS[kind](written);
}

/**
 * @param {string} kind
 * @param {Value} value
 * @returns {Json}
 */
export function write(kind, value) {
  return value === null ? null : (WRITERS[kind]?.(value) ?? value);
}

/**
 * Order two values of one kind.
 * @param {any} left
 * @param {any} right
 * @returns {number} below 0, 0 or above
 */
export function compare(left, right) {
  if (typeof left === "string") return compareTexts(left, right);
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
