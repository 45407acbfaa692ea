/**
 * Time zones, as the browser knows them, and times in them.
 */

/** The reader's. */
export const OWN_TIME_ZONE = new Intl.DateTimeFormat().resolvedOptions().timeZone;

/**
 * Choices of a `select`. A zone that this browser does not know is one of them where it is the value already.
 * @param {string | null | undefined} [value]
 * @returns {{ value: string, label: string }[]}
 */
export function timeZoneOptions(value) {
  const zones = new Set(["UTC", OWN_TIME_ZONE, ...Intl.supportedValuesOf("timeZone")]);
  if (value) zones.add(value);
  return [...zones].sort().map((zone) => ({ value: zone, label: zone.replaceAll("_", " ") }));
}

/**
 * A point in time as a clock and a calendar in that zone have it, with the weekday.
 * @param {string} iso
 * @param {string} timeZone
 */
export function dateTimeIn(iso, timeZone) {
  /** @type {Intl.DateTimeFormatOptions} */
  const format = { weekday: "short", day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  try {
    return new Intl.DateTimeFormat(navigator.languages, { ...format, timeZone }).format(new Date(iso));
  } catch {
    // A zone that this browser does not know.
    return `${new Intl.DateTimeFormat(navigator.languages, { ...format, timeZone: "UTC" }).format(new Date(iso))} UTC`;
  }
}
