/**
 * Texts of the API about a data source: they name settings as programs write them.
 */

import { forPeople } from "../api/error.js";
import { ENGINES } from "./engines.js";

const LABELS = new Map(Object.values(ENGINES).flatMap(({ settings }) => settings.map(({ name, label }) => /** @type {const} */ ([name, label]))));

/** The same with the labels that the settings have on this page. @param {string} text */
export function withLabels(text) {
  return forPeople(text).replace(/\bconnection\.(\w+)|\b[a-z]+(?:_[a-z]+)+\b/g, (name, setting = name) => {
    const label = LABELS.get(setting);
    return label ? `“${label}”` : name;
  });
}
