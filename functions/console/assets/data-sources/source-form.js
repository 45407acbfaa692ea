/**
 * The form of a data source: its name, what it is about, and the connection that its engine needs. What few people need is folded away,
 * and opens by itself if something in it is wrong.
 */

import { ApiError } from "../api/error.js";
import { h } from "../ui/dom.js";
import { form } from "../ui/form.js";
import { atFields, connectionChanges, connectionFields } from "./connection-settings.js";
import { DATE_FORMATS, ENGINES } from "./engines.js";

/**
 * @param {object} options
 * @param {Api.Schemas["DataSourceEngine"]} options.engine
 * @param {Api.Schemas["DataSource"]} [options.source]  The one that is changed.
 * @param {string} options.submit
 * @param {() => void} options.cancel
 * @param {(changes: { name?: string, description?: string, connection?: any }) => Promise<unknown>} options.save  Gets what differs from
 *   the source, or from the defaults.
 */
export function sourceForm({ engine, source, submit, cancel, save }) {
  /** @type {import("../ui/form.js").Field[]} */
  const fields = [
    { name: "name", label: "Name", required: true, value: source?.name, attributes: { maxlength: 100, autocomplete: "off" } },
    { name: "description", label: "Description", type: "textarea", value: source?.description, keepEmpty: true, attributes: { maxlength: 2000, rows: 2 } },
    ...connectionFields(engine, source?.connection),
  ];
  const suggestions = h("datalist", { id: "date-formats" }, ...DATE_FORMATS.map((format) => h("option", { value: format })));
  const send = async (/** @type {any} */ values) => {
    const connection = connectionChanges(engine, values, source?.connection);
    const changes = {
      name: values.name === source?.name ? undefined : values.name,
      description: values.description === (source?.description ?? "") ? undefined : values.description,
      connection: source && Object.keys(connection).length === 0 ? undefined : connection,
    };
    try {
      await save(changes);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      error.fields = atFields(error.fields, fields.map(({ name }) => name));
      if (Object.keys(error.fields).some((name) => folded.contains(made.control(name) ?? null))) folded.open = true;
      throw error;
    }
  };
  const made = form({ fields, submit, cancel, save: send, extra: suggestions });
  const folded = h("details", { class: "folded" }, h("summary", null, "More settings"));
  const rare = ENGINES[engine].settings.filter(({ isRare }) => isRare);
  for (const { name } of rare) {
    const row = made.control(`connection.${name}`)?.closest(".field");
    if (row) folded.append(row);
  }
  if (rare.length > 0) suggestions.before(folded);
  return made.element;
}
