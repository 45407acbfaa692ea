/**
 * Making a schedule by clicking: how often, on which days, at what time, by whose clock. What it comes to is said in words.
 */

import { h, replace, uniqueId } from "../ui/dom.js";
import { OWN_TIME_ZONE, timeZoneOptions } from "../ui/time-zone.js";
import { fromCron, scheduleText, toCron, WEEK } from "./schedule-words.js";

/** @typedef {Api.Schemas["ReportSchedule"]} ReportSchedule */

const NEVER = "never";
const MONDAY = 1;
const LONGEST_MONTH_DAYS = 31;
/** A month of more days than these may be skipped. */
const SHORTEST_MONTH_DAYS = 28;

const REPEATS = [
  { value: NEVER, label: "Only when somebody runs it" },
  { value: "daily", label: "Every day" },
  { value: "weekly", label: "Every week" },
  { value: "monthly", label: "Every month" },
  { value: "custom", label: "By a cron expression" },
];

/** @param {ReportSchedule | null} schedule */
export function scheduleFields(schedule) {
  const rhythm = schedule ? fromCron(schedule.cron) : undefined;
  const repeat = choice(REPEATS, rhythm?.repeat ?? NEVER);
  const time = h("input", { id: uniqueId("time"), type: "time", value: rhythm && "time" in rhythm ? rhythm.time : "08:00", required: true });
  const chosenDays = rhythm?.repeat === "weekly" ? rhythm.weekdays : [MONDAY];
  const weekdays = WEEK.map(({ number, name }) => ({ number, name, input: h("input", { type: "checkbox", checked: chosenDays.includes(number) }) }));
  const days = Array.from({ length: LONGEST_MONTH_DAYS }, (_, index) => ({ value: String(index + 1), label: String(index + 1) }));
  const day = choice(days, rhythm?.repeat === "monthly" ? String(rhythm.day) : "1");
  const cron = h("input", { id: uniqueId("cron"), value: schedule?.cron ?? "0 8 * * 1", class: "code-input", spellcheck: "false", autocomplete: "off", maxlength: 100 });
  const zone = choice(timeZoneOptions(schedule?.timezone), schedule?.timezone ?? OWN_TIME_ZONE);
  const enabled = h("input", { id: uniqueId("enabled"), type: "checkbox", checked: schedule?.enabled ?? true });

  const week = h(
    "div",
    { class: "field", role: "group", "aria-label": "Days of the week" },
    h("span", { class: "label", "aria-hidden": "true" }, "On"),
    h("div", { class: "day-choice" }, ...weekdays.map(({ name, input }) => h("label", null, input, h("span", { class: "visually-hidden" }, name), h("span", { "aria-hidden": "true" }, name.slice(0, 3))))),
  );
  const month = labeled("On day", day);
  const skipped = h("p", { class: "hint" }, "Months without this day are skipped.");
  const at = labeled("At", time);
  const fields = ["Minute, hour, day of the month, month, day of the week. One of the two day fields must be ", h("code", null, "*"), "."];
  const expression = labeled("Cron expression", cron, fields);
  const clock = labeled("By the clock of", zone);
  const inForce = h("div", { class: "field" }, h("div", { class: "checkbox" }, enabled, h("label", { for: enabled.id }, "Run it by itself")));
  const when = h("div", { class: "field-row" }, month, at, clock);
  const words = h("p", { class: "schedule-words", role: "status" });
  const reasons = h("p", { class: "reasons", role: "alert", hidden: true });

  /** @returns {string} */
  const expressionOf = () => {
    if (repeat.value === "daily") return toCron({ repeat: "daily", time: time.value });
    if (repeat.value === "weekly") return toCron({ repeat: "weekly", time: time.value, weekdays: weekdays.flatMap(({ number, input }) => (input.checked ? number : [])) });
    if (repeat.value === "monthly") return toCron({ repeat: "monthly", time: time.value, day: Number(day.value) });
    return toCron({ repeat: "custom", cron: cron.value });
  };
  const mistake = () => {
    if (repeat.value === NEVER) return "";
    if (repeat.value === "custom") return cron.value.trim() ? "" : "Enter a cron expression.";
    if (!time.value) return "Enter a time.";
    return repeat.value === "weekly" && weekdays.every(({ input }) => !input.checked) ? "Choose a day of the week." : "";
  };
  const show = () => {
    const kind = repeat.value;
    week.hidden = kind !== "weekly";
    month.hidden = kind !== "monthly";
    skipped.hidden = kind !== "monthly" || Number(day.value) <= SHORTEST_MONTH_DAYS;
    at.hidden = kind === NEVER || kind === "custom";
    expression.hidden = kind !== "custom";
    for (const element of [when, inForce]) element.hidden = kind === NEVER;
    reasons.hidden = true;
    words.hidden = kind === NEVER || mistake() !== "";
    if (!words.hidden) replace(words, scheduleText({ cron: expressionOf(), timezone: zone.value }));
  };
  const element = h(
    "fieldset",
    { class: "field-group", on: { input: show, change: show } },
    h("legend", null, "Schedule"),
    labeled("Runs", repeat),
    week,
    when,
    expression,
    skipped,
    words,
    reasons,
    inForce,
  );
  show();

  return {
    element,
    /** @returns {ReportSchedule | null} */
    value() {
      if (repeat.value === NEVER) return null;
      return { cron: expressionOf(), timezone: zone.value, enabled: enabled.checked };
    },
    /** What is not filled in, if anything. It is shown. */
    check() {
      const text = mistake();
      if (text) this.showReasons([text]);
      return text === "";
    },
    /** @param {string[]} texts */
    showReasons(texts) {
      replace(reasons, texts.join(" "));
      reasons.hidden = texts.length === 0;
      if (texts.length > 0) (repeat.value === "custom" ? cron : repeat).focus();
    },
  };
}

/**
 * @param {string} label
 * @param {HTMLElement} control
 * @param {import("../ui/dom.js").Children} [hint]
 */
export function labeled(label, control, hint) {
  const about = hint && h("p", { class: "hint", id: `${control.id}-hint` }, hint);
  if (about) control.setAttribute("aria-describedby", about.id);
  return h("div", { class: "field" }, h("label", { for: control.id }, label), control, about);
}

/** @param {{ value: string, label: string }[]} options @param {string} chosen */
export function choice(options, chosen) {
  return h("select", { id: uniqueId("choice") }, ...options.map(({ value, label }) => h("option", { value, selected: value === chosen }, label)));
}
