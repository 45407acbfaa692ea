/**
 * Schedules between what people say and what the API takes: `0 8 * * 1` is "Every Monday at 08:00".
 *
 * The API's cron has five fields, of which the minute is one number and one of the two day fields is `*`.
 */

/**
 * What can be made by clicking. Another schedule is `custom`, and its cron.
 * @typedef {{ repeat: "daily", time: string } | { repeat: "weekly", time: string, weekdays: number[] }
 *   | { repeat: "monthly", time: string, day: number } | { repeat: "custom", cron: string }} Rhythm
 */

const WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

/** The days in the order that they are chosen in. */
export const WEEK = [1, 2, 3, 4, 5, 6, 0].map((number) => ({ number, name: WEEKDAYS[number] }));

/** More times of a day than these are not read out. */
const TIMES_NAMED = 4;

/** @param {Rhythm} rhythm */
export function toCron(rhythm) {
  if (rhythm.repeat === "custom") return rhythm.cron.trim();
  const [hour, minute] = rhythm.time.split(":").map(Number);
  const day = rhythm.repeat === "monthly" ? rhythm.day : "*";
  const weekdays = rhythm.repeat === "weekly" ? rhythm.weekdays.toSorted((a, b) => a - b).join() : "*";
  return `${minute} ${hour} ${day} * ${weekdays}`;
}

/** @param {string} cron @returns {Rhythm} */
export function fromCron(cron) {
  const custom = /** @type {const} */ ({ repeat: "custom", cron });
  const [minute, hour, day, month, weekday] = cron.split(" ");
  if (!isNumeric(cron) || !isNumber(minute) || !isNumber(hour) || month !== "*") return custom;
  const time = clock(Number(hour), Number(minute));
  if (day === "*" && weekday === "*") return { repeat: "daily", time };
  if (day === "*") return { repeat: "weekly", time, weekdays: numbers(weekday, 0, 7).map((day) => day % 7) };
  return isNumber(day) ? { repeat: "monthly", time, day: Number(day) } : custom;
}

/**
 * What a schedule says, without its time zone.
 * @param {string} cron
 */
export function scheduleWords(cron) {
  const parts = cron.trim().split(/\s+/);
  if (parts.length !== 5 || !isNumeric(cron) || !isNumber(parts[0])) return `By cron ${cron}`;
  const [minute, hour, day, month, weekday] = parts;
  const months = month === "*" ? "" : ` in ${list(numbers(month, 1, 12).map((number) => MONTHS[number - 1]))}`;
  return `${days(day, weekday, months !== "")}${months} ${times(hour, Number(minute))}`;
}

/** `Every Monday at 08:00, Europe/Berlin`. @param {{ cron: string, timezone: string }} schedule */
export function scheduleText({ cron, timezone }) {
  return `${scheduleWords(cron)}, ${timezone.replaceAll("_", " ")}`;
}

/** @param {string} day @param {string} weekday @param {boolean} isOfMonths */
function days(day, weekday, isOfMonths) {
  if (day !== "*") return `On the ${list(numbers(day, 1, 31).map(ordinal))}${isOfMonths ? "" : " of every month"}`;
  const all = [...new Set(numbers(weekday, 0, 7).map((number) => number % 7))].sort((a, b) => ((a + 6) % 7) - ((b + 6) % 7));
  if (weekday === "*" || all.length === 7) return "Every day";
  if (all.join() === "1,2,3,4,5") return "Every weekday";
  return `Every ${list(all.map((number) => WEEKDAYS[number]))}`;
}

/** @param {string} hour @param {number} minute */
function times(hour, minute) {
  if (hour === "*") return minute === 0 ? "on the hour" : `at ${minute} past every hour`;
  const hours = numbers(hour, 0, 23);
  if (hours.length <= TIMES_NAMED) return `at ${list(hours.map((hour) => clock(hour, minute)))}`;
  return `at ${clock(hours[0], minute)} and ${hours.length - 1} more times until ${clock(hours.at(-1) ?? 0, minute)}`;
}

/**
 * The numbers that a field stands for.
 * @param {string} field
 * @param {number} first
 * @param {number} last
 */
function numbers(field, first, last) {
  const found = field.split(",").flatMap((part) => {
    const [range, step = "1"] = part.split("/");
    const [from, to] = range === "*" ? [first, last] : range.split("-").map(Number);
    const end = to ?? (part.includes("/") ? last : from);
    const all = [];
    for (let number = from; number <= end; number += Math.max(Number(step), 1)) all.push(number);
    return all;
  });
  return [...new Set(found)].sort((a, b) => a - b);
}

/** Whether all is in numbers, as the API answers it. @param {string} cron */
function isNumeric(cron) {
  return /^[\d*,/\s-]+$/.test(cron);
}

/** @param {string} text */
function isNumber(text) {
  return /^\d+$/.test(text);
}

/** @param {number} hour @param {number} minute */
function clock(hour, minute) {
  return `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;
}

/** @param {number} number */
function ordinal(number) {
  const ending = { one: "st", two: "nd", few: "rd" }[/** @type {"one"} */ (new Intl.PluralRules("en", { type: "ordinal" }).select(number))];
  return `${number}${ending ?? "th"}`;
}

/** @param {string[]} words */
function list(words) {
  return new Intl.ListFormat("en").format(words);
}
