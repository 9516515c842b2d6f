/**
 * Exact decimal numbers: a BigInt that counts units of 10^-10. Every result is rounded to ten
 * places, half away from zero, and is missing (null) where its size reaches 10^19.
 */

export const PLACES = 10;
export const UNIT = 10n ** BigInt(PLACES);
const LIMIT = 10n ** 19n * UNIT;
const WRITTEN = /^([+-]?)([0-9]*)(?:\.([0-9]*))?$/;

/** @param {bigint} value */
export const absolute = (value) => (value < 0n ? -value : value);

/** @param {bigint} value */
export const bounded = (value) => (absolute(value) < LIMIT ? value : null);

/**
 * The quotient rounded to a whole number, half away from zero.
 * @param {bigint} dividend
 * @param {bigint} divisor not zero
 */
export function divideRounded(dividend, divisor) {
  const [above, below] = [absolute(dividend), absolute(divisor)];
  const size = (2n * above + below) / (2n * below);
  return dividend < 0n === divisor < 0n ? size : -size;
}

/**
 * The quotient rounded down to a whole number.
 * @param {bigint} dividend
 * @param {bigint} divisor not zero
 */
export function divideDown(dividend, divisor) {
  const quotient = dividend / divisor;
  const cut = quotient * divisor !== dividend;
  return cut && dividend < 0n !== divisor < 0n ? quotient - 1n : quotient;
}

/**
 * Read a number as it is written in JSON or typed: digits, a sign, a point.
 * @param {string | number | bigint} written
 * @returns {bigint | null} null where it is not a number
 */
export function parseNumber(written) {
  const [, sign, whole, part = ""] = WRITTEN.exec(String(written).trim()) ?? [];
  if (whole === undefined || !(whole + part)) return null;
  const kept = BigInt(whole + part.slice(0, PLACES).padEnd(PLACES, "0"));
  const size = part.charAt(PLACES) >= "5" ? kept + 1n : kept;
  return sign === "-" ? -size : size;
}

/**
 * Write a number plainly, without zeros at its end.
 * @param {bigint} value
 */
export function writeNumber(value) {
  const digits = absolute(value).toString().padStart(PLACES + 1, "0");
  const part = digits.slice(-PLACES).replace(/0+$/, "");
  return `${value < 0n ? "-" : ""}${digits.slice(0, -PLACES)}${part ? `.${part}` : ""}`;
}

/** @param {number} value a whole number */
export const fromInteger = (value) => BigInt(value) * UNIT;

/**
 * @param {bigint} left
 * @param {bigint} right
 */
export const add = (left, right) => bounded(left + right);

/**
 * @param {bigint} left
 * @param {bigint} right
 */
export const subtract = (left, right) => bounded(left - right);

/**
 * @param {bigint} left
 * @param {bigint} right
 */
export const multiply = (left, right) => bounded(divideRounded(left * right, UNIT));

/**
 * @param {bigint} left
 * @param {bigint} right
 */
export const divide = (left, right) => (right ? bounded(divideRounded(left * UNIT, right)) : null);

/**
 * @param {bigint} left
 * @param {bigint} right
 */
export const floorDivide = (left, right) => (right ? bounded(divideDown(left, right) * UNIT) : null);

/**
 * @param {bigint} left
 * @param {bigint} right
 */
export const remainder = (left, right) => (right ? left - right * divideDown(left, right) : null);

/** @param {bigint} value */
export const floor = (value) => bounded(divideDown(value, UNIT) * UNIT);

/** @param {bigint} value */
export const ceil = (value) => bounded(-divideDown(-value, UNIT) * UNIT);

/**
 * Round half away from zero.
 * @param {bigint} value
 * @param {bigint} [places] a number from 0 to 10
 */
export function round(value, places = 0n) {
  const step = 10n ** (BigInt(PLACES) - places / UNIT);
  return bounded(divideRounded(value, step) * step);
}

/**
 * The average of numbers by their exact sum.
 * @param {bigint[]} values at least one
 */
export const average = (values) => bounded(divideRounded(total(values), BigInt(values.length)));

/** @param {bigint[]} values */
export const total = (values) => values.reduce((sum, value) => sum + value, 0n);
