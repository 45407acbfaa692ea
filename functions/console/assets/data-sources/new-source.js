/**
 * A data source made of a file: its name, its engine, and why some files are none.
 */

import { ENGINES, engineOfFile } from "./engines.js";
import { isolated } from "./client-text.js";

const LONGEST_NAME = 100;

/**
 * @param {File} file
 * @returns {Api.Schemas["DataSourceCreate"] | undefined} None if nothing reads such files.
 */
export function sourceOfFile({ name }) {
  const engine = engineOfFile(name);
  if (!engine) return undefined;
  const line = name.replace(/\.[^.]*$/, "").replace(/[\u0000-\u001f\u007f-\u009f]/g, " ").trim();
  const title = [...line].slice(0, LONGEST_NAME).join("").trim() || ENGINES[engine].label;
  return { name: title, description: "", status: "active", type: ENGINES[engine].type, engine };
}

/**
 * Why a file cannot be imported, if it cannot.
 * @param {File} file
 * @param {Api.Schemas["DataSourceEngine"]} [engine]  The one of the source that it is for.
 */
export function refusalOf(file, engine) {
  const { name, size } = file;
  const called = isolated(name);
  const found = engineOfFile(name);
  if (/\.xls$/i.test(name)) return `${called} has the old format of Excel. Save it as .xlsx, and take that.`;
  if (!found) return `${called} is no file that can be read. Take CSV, TSV, XLSX, JSON, NDJSON or Parquet.`;
  if (engine && engine !== found) return `${called} is for another data source: this one takes a ${ENGINES[engine].label}.`;
  return size === 0 ? `${called} is empty.` : undefined;
}
