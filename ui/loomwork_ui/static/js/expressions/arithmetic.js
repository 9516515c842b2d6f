/**
 * What the signs of arithmetic mean for each pair of kinds. Both operands are present.
 */

import { add, divide, divideRounded, floorDivide, multiply, remainder, subtract, UNIT } from "./numbers.js";
import { betweenDates, boundedDuration, moveDate, moveMoment } from "./times.js";

/**
 * @param {bigint} duration
 * @param {bigint} number
 */
const scaled = (duration, number) => boundedDuration(divideRounded(duration * number, UNIT));

/**
 * @param {bigint} duration
 * @param {bigint} number
 */
const shared = (duration, number) => (number ? boundedDuration(divideRounded(duration * UNIT, number)) : null);

/** @type {Record<string, (left: any, right: any) => bigint | number | null>} */
export const ARITHMETIC = {
  "number + number": add,
  "number - number": subtract,
  "number * number": multiply,
  "number / number": divide,
  "number // number": floorDivide,
  "number % number": remainder,
  "duration + duration": (left, right) => boundedDuration(left + right),
  "duration - duration": (left, right) => boundedDuration(left - right),
  "duration * number": scaled,
  "number * duration": (number, duration) => scaled(duration, number),
  "duration / number": shared,
  "date + duration": moveDate,
  "date - duration": (date, duration) => moveDate(date, -duration),
  "date - date": betweenDates,
  "datetime + duration": moveMoment,
  "datetime - duration": (moment, duration) => moveMoment(moment, -duration),
  "datetime - datetime": (left, right) => boundedDuration(left - right),
};
