/**
 * The kinds of files that a report can be.
 */

/** @typedef {Api.Schemas["ReportFormat"]} ReportFormat */

/** @type {Record<ReportFormat, { label: string, about: string }>} */
export const FORMATS = {
  pdf: { label: "PDF", about: "Charts and tables on pages, to read and to print." },
  xlsx: { label: "Excel", about: "A sheet for each widget, with charts that can be edited." },
  csv: { label: "CSV", about: "All rows, for other programs; a ZIP where there are several widgets." },
};

export const FORMAT_OPTIONS = Object.entries(FORMATS).map(([value, { label, about }]) => ({ value, label: `${label} – ${about}` }));
