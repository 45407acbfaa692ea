/**
 * What differs between two people's versions of a report, in words.
 */

import { FORMATS } from "./formats.js";
import { scheduleText } from "./schedule-words.js";
import { AS_THE_WIDGETS, timeRangeWords } from "./time-range.js";

/** @typedef {Api.Schemas["ReportCreate"]} ReportCreate */
/** @typedef {{ [K in keyof ReportCreate]?: ReportCreate[K] }} Version */

/** @type {{ label: string, words: (version: Version) => string }[]} */
const MEMBERS = [
  { label: "Name", words: ({ name }) => name ?? "" },
  { label: "Description", words: ({ description }) => description ?? "" },
  { label: "Dashboard", words: ({ dashboard }) => `Dashboard ${dashboard}` },
  { label: "Format", words: ({ format }) => (format ? FORMATS[format].label : "") },
  { label: "Time zone", words: ({ timezone }) => timezone ?? AS_THE_WIDGETS },
  { label: "Time range", words: ({ time_range: range }) => timeRangeWords(range) },
  { label: "Schedule", words: ({ schedule }) => (schedule ? `${scheduleText(schedule)}${schedule.enabled === false ? " (paused)" : ""}` : "None") },
  { label: "Mailed to", words: ({ recipients }) => (recipients ?? []).map((id) => `User ${id}`).join(", ") || "Nobody" },
];

/**
 * What somebody else has changed since, and is not what would be saved now.
 * @param {Version} before  What was there when the work began.
 * @param {Version} theirs  What is there now.
 * @param {Version} mine  What would be saved.
 * @returns {import("../ui/dialog.js").Difference[]}
 */
export function differences(before, theirs, mine) {
  return MEMBERS.flatMap(({ label, words }) => {
    const [was, is, wanted] = [before, theirs, mine].map(words);
    return is === was || is === wanted ? [] : { label, mine: wanted, theirs: is };
  });
}
