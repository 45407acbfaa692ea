/**
 * A connection between the API's JSON and the fields of a form: what is sent is what was changed, so that a default stays a default, and
 * a secret that is not replaced is not touched.
 */

import { ENGINES } from "./engines.js";

/** @typedef {import("./engines.js").Setting} Setting */
/** @typedef {Record<string, any>} Connection */

/** Which secrets are to be taken away, in a form's values. */
const REMOVAL = "removed_secrets";

/**
 * The fields of a form for the connection.
 * @param {Api.Schemas["DataSourceEngine"]} engine
 * @param {Connection} [connection]  What is there already.
 * @returns {import("../ui/form.js").Field[]}
 */
export function connectionFields(engine, connection) {
  return ENGINES[engine].settings.flatMap((setting) => {
    const { name, label, kind = "text", hint, required, standard, options, attributes } = setting;
    const field = { name: `connection.${name}`, label, hint, required, options, attributes };
    if (kind === "secret") return secretFields(setting, connection?.[`${name}_set`] === true);
    const type = kind === "columns" ? "textarea" : kind === "list" ? "text" : kind;
    return [{ ...field, type, value: written(setting, valueAt(connection, name)) ?? standard }];
  });
}

/**
 * @param {Setting} setting
 * @param {boolean} isSet
 * @returns {import("../ui/form.js").Field[]}
 */
function secretFields({ name, label, hint, attributes }, isSet) {
  const kept = isSet ? "One is set, and is never shown. Leave this empty to keep it." : "Encrypted before it is stored, and never shown again.";
  const all = { autocomplete: "new-password", ...attributes };
  /** @type {import("../ui/form.js").Field} */
  const field = { name: `connection.${name}`, label: isSet ? `New ${lower(label)}` : label, type: "password", hint: hint ? `${hint} ${kept}` : kept, attributes: all };
  return isSet ? [field, { name: `${REMOVAL}.${name}`, label: `Remove the ${lower(label)}`, type: "checkbox" }] : [field];
}

/**
 * A connection as it is sent: what differs from what is there (RFC 7396), or from the defaults where nothing is.
 * @param {Api.Schemas["DataSourceEngine"]} engine
 * @param {any} values  Of a form with `connectionFields`.
 * @param {Connection} [before]
 */
export function connectionChanges(engine, values, before) {
  /** @type {Connection} */
  const changes = {};
  for (const setting of ENGINES[engine].settings) {
    const { name, kind, standard } = setting;
    const value = parsed(setting, valueAt(values.connection, name));
    if (kind === "secret") {
      if (value !== undefined) changes[name] = value;
      else if (values[REMOVAL]?.[name]) changes[name] = null;
      continue;
    }
    const old = valueAt(before, name) ?? standard;
    if (JSON.stringify(value) === JSON.stringify(old)) continue;
    if (kind === "columns") put(changes, name, merged(old, value));
    else if (value !== undefined) put(changes, name, value);
    else if (valueAt(before, name) !== undefined) put(changes, topOf(name), null);
  }
  return changes;
}

/**
 * What is said of a connection, in words.
 * @param {Api.Schemas["DataSourceEngine"]} engine
 * @param {Connection} connection
 * @returns {{ label: string, value: string }[]}
 */
export function describeConnection(engine, connection) {
  return ENGINES[engine].settings.flatMap((setting) => {
    const { name, label, kind, options } = setting;
    if (kind === "secret") return [{ label, value: connection[`${name}_set`] ? "Set" : "Not set" }];
    const value = valueAt(connection, name);
    if (value === undefined || value === null) return [];
    if (kind === "checkbox") return [{ label, value: value ? "Yes" : "No" }];
    return [{ label, value: options?.find((option) => option.value === value)?.label ?? String(written(setting, value)) }];
  });
}

/**
 * The field of a form that an error of the API is about: `connection.schemas[0]` is in `connection.schemas`.
 * @param {Record<string, string[]>} fields
 * @param {string[]} known
 */
export function atFields(fields, known) {
  /** @type {Record<string, string[]>} */
  const all = {};
  for (const [name, reasons] of Object.entries(fields)) {
    const field = known.find((one) => name === one || (name.startsWith(one) && /[.[]/.test(name[one.length])));
    all[field ?? name] = [...(all[field ?? name] ?? []), ...reasons];
  }
  return all;
}

/** @param {Setting} setting @param {any} value */
function written({ kind }, value) {
  if (kind === "list" && Array.isArray(value)) return value.join(", ");
  if (kind === "columns" && value) return Object.entries(value).map(([column, type]) => `${column}: ${type}`).join("\n");
  return value ?? undefined;
}

/** @param {Setting} setting @param {any} value */
function parsed({ kind }, value) {
  if (typeof value !== "string") return value;
  if (kind === "list") return value.split(",").map((part) => part.trim()).filter(Boolean);
  // A column's name may have a colon, a type has none.
  if (kind === "columns") {
    const lines = value.split("\n").filter((line) => line.trim());
    return Object.fromEntries(lines.map((line) => [line.slice(0, Math.max(line.lastIndexOf(":"), 0)).trim() || line.trim(), line.slice(line.lastIndexOf(":") + 1).trim()]));
  }
  return value;
}

/** Columns that are not named any more are taken away. @param {any} old @param {any} value */
function merged(old, value) {
  const gone = Object.keys(old ?? {}).filter((column) => !Object.hasOwn(value ?? {}, column));
  return { ...value, ...Object.fromEntries(gone.map((column) => [column, null])) };
}

/** @param {any} within @param {string} path */
function valueAt(within, path) {
  return path.split(".").reduce((value, part) => value?.[part], within);
}

/** @param {any} within @param {string} path @param {any} value */
function put(within, path, value) {
  const parts = path.split(".");
  const last = /** @type {string} */ (parts.pop());
  for (const part of parts) within = within[part] ??= {};
  within[last] = value;
}

/** @param {string} path */
function topOf(path) {
  return path.split(".")[0];
}

/** @param {string} label */
function lower(label) {
  return label[0].toLowerCase() + label.slice(1);
}
