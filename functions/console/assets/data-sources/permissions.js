/**
 * Who may change which data source: analysts those that are files.
 */

import { may } from "../app/permissions.js";

/**
 * @param {Api.Schemas["Account"]} account
 * @param {Api.Schemas["DataSourceType"]} type
 */
export function mayWrite(account, type) {
  return may(account, type === "file" ? "data_sources:write_files" : "data_sources:write");
}
