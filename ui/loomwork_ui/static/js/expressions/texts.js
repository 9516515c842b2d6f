/**
 * Texts as sequences of Unicode characters, not of the UTF-16 units that the language counts.
 * A text is never empty: an empty result is missing (null).
 */

import { LOWER, UPPER } from "./letters.js";
import { writeNumber } from "./numbers.js";
import { writeDate } from "./times.js";

const LONGEST = 100_000;
const SPACES = "\\t\\n\\v\\f\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const AROUND = new RegExp(`^[${SPACES}]+|[${SPACES}]+$`, "g");

/**
 * Order by character. A character beyond U+FFFF is two units in the range D800 to DFFF and comes
 * after those from E000 to FFFF.
 * @param {string} left
 * @param {string} right
 */
export function compareTexts(left, right) {
  const shared = Math.min(left.length, right.length);
  for (let index = 0; index < shared; index += 1) {
    const [one, other] = [left.charCodeAt(index), right.charCodeAt(index)];
    if (one !== other) return weight(one) - weight(other);
  }
  return left.length - right.length;
}

/** @param {number} unit */
const weight = (unit) => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit);

/** @param {string} text */
export function countCharacters(text) {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/**
 * @param {string} text
 * @param {ReadonlyMap<string, string>} table
 */
function replaced(text, table) {
  let result = "";
  for (const character of text) result += table.get(character) ?? character;
  return result;
}

/** @param {string} text */
export const lower = (text) => replaced(text, LOWER);

/** @param {string} text */
export const upper = (text) => replaced(text, UPPER);

/** @param {string} text */
export const trim = (text) => text.replace(AROUND, "") || null;

/**
 * Join texts, numbers and dates; what is missing is skipped.
 * @param {...(string | bigint | number | null)} parts
 */
export function concat(...parts) {
  const joined = parts.map(written).join("");
  return joined && countCharacters(joined) <= LONGEST ? joined : null;
}

/** @param {string | bigint | number | null} part */
function written(part) {
  if (typeof part === "bigint") return writeNumber(part);
  if (typeof part === "number") return writeDate(part);
  return part ?? "";
}
