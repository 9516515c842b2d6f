/**
 * Dates, moments and durations, without any zone of the machine's.
 *
 * A date is its day number (1 is 0001-01-01), a moment the microseconds since 1970 in UTC, a
 * duration microseconds; the last two are BigInt. The years are 1 to 9999 of the Gregorian
 * calendar, carried back before its invention. What is out of range is missing (null).
 */

import { divideDown, divideRounded, fromInteger, UNIT } from "./numbers.js";

const LAST = 3_652_059;
const EPOCH = 719_163;
const HOUR = 3_600_000_000n;
const DAY = 24n * HOUR;
const LONGEST = 320_000_000_000_000_000n;
const FIRST_MOMENT = BigInt(1 - EPOCH) * DAY;
const LAST_MOMENT = BigInt(LAST - EPOCH + 1) * DAY - 1n;
const DATE = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/;
const MOMENT = /^([0-9-]{10})[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,6}))?)?(Z|[+-][0-9]{2}:[0-9]{2})?$/;
const MONTHS = /** @type {const} */ ({ year: 12, quarter: 3, month: 1 });

/** @param {number} year */
const daysBefore = (year) => {
  const past = year - 1;
  return past * 365 + Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400);
};

/** @param {number} year */
const isLeap = (year) => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

/**
 * @param {number} year
 * @param {number} month from 1
 */
function monthLength(year, month) {
  if (month === 2) return isLeap(year) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/**
 * @param {number} year
 * @param {number} month from 1
 */
function daysBeforeMonth(year, month) {
  let days = 0;
  for (let each = 1; each < month; each += 1) days += monthLength(year, each);
  return days;
}

/**
 * @param {number} year
 * @param {number} month
 * @param {number} day
 * @returns {number | null}
 */
export function dateOf(year, month, day) {
  const exists = year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 && day <= monthLength(year, month);
  return exists ? daysBefore(year) + daysBeforeMonth(year, month) + day : null;
}

/**
 * @param {number} date
 * @returns {{year: number, month: number, day: number}}
 */
export function partsOf(date) {
  let year = Math.min(9999, Math.floor((date - 1) / 365.2425) + 1);
  if (daysBefore(year) >= date) year -= 1;
  else if (year < 9999 && daysBefore(year + 1) < date) year += 1;
  let [month, day] = [1, date - daysBefore(year)];
  while (day > monthLength(year, month)) day -= monthLength(year, month++);
  return { year, month, day };
}

/** @param {number} date */
const boundedDate = (date) => (date >= 1 && date <= LAST ? date : null);

/** @param {bigint} moment */
const boundedMoment = (moment) => (moment >= FIRST_MOMENT && moment <= LAST_MOMENT ? moment : null);

/** @param {bigint} duration */
export const boundedDuration = (duration) => (duration >= -LONGEST && duration <= LONGEST ? duration : null);

/** @param {string} written as YYYY-MM-DD */
export function parseDate(written) {
  const [, year, month, day] = DATE.exec(written.trim()) ?? [];
  return year ? dateOf(Number(year), Number(month), Number(day)) : null;
}

/** @param {number} date */
export function writeDate(date) {
  const { year, month, day } = partsOf(date);
  return `${String(year).padStart(4, "0")}-${two(month)}-${two(day)}`;
}

/** @param {number | bigint} value */
const two = (value) => String(value).padStart(2, "0");

/**
 * @param {string} written in ISO 8601; without a zone it is in UTC
 * @returns {bigint | null}
 */
export function parseMoment(written) {
  const [, date, hour, minute, second = "0", part = "", zone = "Z"] = MOMENT.exec(written.trim()) ?? [];
  const day = date ? parseDate(date) : null;
  if (day === null || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null;
  const minutes = BigInt(hour) * 60n + BigInt(minute) - offset(zone);
  const micros = (minutes * 60n + BigInt(second)) * 1_000_000n + BigInt(part.padEnd(6, "0"));
  return boundedMoment(BigInt(day - EPOCH) * DAY + micros);
}

/** @param {string} zone Z or +hh:mm */
function offset(zone) {
  if (zone === "Z") return 0n;
  const minutes = BigInt(zone.slice(1, 3)) * 60n + BigInt(zone.slice(4));
  return zone.startsWith("-") ? -minutes : minutes;
}

/** @param {bigint} moment */
export function writeMoment(moment) {
  const days = divideDown(moment, DAY);
  const rest = moment - days * DAY;
  const seconds = rest / 1_000_000n;
  const part = rest % 1_000_000n;
  const clock = [seconds / 3600n, (seconds / 60n) % 60n, seconds % 60n].map(two).join(":");
  return `${writeDate(Number(days) + EPOCH)}T${clock}${part ? `.${String(part).padStart(6, "0")}` : ""}Z`;
}

/** @param {bigint} number a number of days */
export const days = (number) => boundedDuration(divideRounded(number * DAY, UNIT));

/** @param {bigint} number a number of hours */
export const hours = (number) => boundedDuration(divideRounded(number * HOUR, UNIT));

/**
 * A part of a day does not count: it is rounded down.
 * @param {number} date
 * @param {bigint} duration
 */
export const moveDate = (date, duration) => boundedDate(date + Number(divideDown(duration, DAY)));

/**
 * @param {bigint} moment
 * @param {bigint} duration
 */
export const moveMoment = (moment, duration) => boundedMoment(moment + duration);

/**
 * @param {number} later
 * @param {number} earlier
 */
export const betweenDates = (later, earlier) => boundedDuration(BigInt(later - earlier) * DAY);

/** @param {number} date */
export const year = (date) => fromInteger(partsOf(date).year);

/** @param {number} date */
export const month = (date) => fromInteger(partsOf(date).month);

/** @param {number} date */
export const day = (date) => fromInteger(partsOf(date).day);

/** @param {number} date */
export const quarter = (date) => fromInteger(Math.ceil(partsOf(date).month / 3));

/** @param {number} date */
export const weekday = (date) => fromInteger(((date - 1) % 7) + 1);

/**
 * The day is cut to the month's last.
 * @param {number} date
 * @param {bigint} number of months, rounded to whole ones
 */
export function addMonths(date, number) {
  const { year, month, day } = partsOf(date);
  const index = BigInt(year * 12 + month - 1) + divideRounded(number, UNIT);
  const target = Number(divideDown(index, 12n));
  const wanted = Number(index - divideDown(index, 12n) * 12n) + 1;
  return target < 1 || target > 9999 ? null : dateOf(target, wanted, Math.min(day, monthLength(target, wanted)));
}

/**
 * @param {number} date
 * @param {string} unit year, quarter, month, week or day; weeks begin on Monday
 */
export function startOf(date, unit) {
  if (unit === "day") return date;
  if (unit === "week") return date - ((date - 1) % 7);
  const { year, month } = partsOf(date);
  const months = MONTHS[/** @type {keyof typeof MONTHS} */ (unit)];
  return dateOf(year, month - ((month - 1) % months), 1);
}

/**
 * @param {number} from
 * @param {number} to
 */
export const daysBetween = (from, to) => fromInteger(to - from);
