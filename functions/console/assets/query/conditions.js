/**
 * Conditions: which rows, and which groups. Used by queries, and by whoever looks at a dashboard.
 */

import { button, iconButton } from "../ui/button.js";
import { h, text, uniqueId } from "../ui/dom.js";
import { choice, entry, line, removeButton, withItem } from "./controls.js";
import { filterInWords, isNumeric, isTime, operatorOf, OPERATORS } from "./language.js";

/** @typedef {import("./language.js").Filter} Filter */
/** @typedef {import("./language.js").Column} Column */

/**
 * @param {object} options
 * @param {string} options.noun  "filter", for the names of the controls.
 * @param {Filter[]} options.conditions
 * @param {Column[]} options.columns
 * @param {(conditions: Filter[]) => void} options.change  Other controls may be needed.
 * @param {(conditions: Filter[]) => void} options.write  What was typed: the controls stay.
 * @param {(field: string) => Promise<string[]>} [options.known]  The values that a column has, to pick from.
 */
export function conditions({ noun, conditions, columns, change, write, known }) {
  let current = conditions;
  const lines = conditions.map((condition, index) => {
    const name = `${noun} ${index + 1}`;
    const remove = removeButton(`Remove ${name}`, () => change(withItem(current, index)));
    if (condition.and || condition.or) return line(h("p", { class: "grow" }, text(filterInWords(condition))), remove);
    const type = columns.find((column) => column.name === condition.field)?.type ?? "text";
    const operators = OPERATORS.filter(({ takes }) => takes(type));
    const put = (/** @type {Partial<Filter>} */ part) => withItem(current, index, { ...current[index], ...part });
    const field = choice(`Field of ${name}`, {
      value: condition.field ?? "",
      choices: columns.map(({ name }) => ({ value: name, label: name })),
      choose: (field) => change(put({ field, operator: "eq", values: [] })),
    });
    const operator = choice(`Operator of ${name}`, {
      value: condition.operator ?? "eq",
      choices: operators,
      choose: (operator) => change(put({ operator: /** @type {any} */ (operator), values: kept(current[index], operator) })),
    });
    const values = valueControls(name, condition, type, {
      change: (values) => change(put({ values })),
      write: (values) => write((current = put({ values }))),
      known,
    });
    return line(field, operator, values, remove);
  });
  const add = () => change([...current, { field: columns[0].name, operator: "eq", values: [] }]);
  const addButton = button(`Add ${noun}`, { icon: "add", kind: "quiet", run: add, disabled: columns.length === 0 });
  addButton.dataset.next = "";
  return [lines.length > 0 && h("ul", { class: "conditions" }, ...lines), addButton];
}

/** The values that are good for another operator, too. @param {Filter} condition @param {string} operator */
function kept(condition, operator) {
  const { values } = operatorOf(/** @type {any} */ (operator));
  return values === "many" ? condition.values : (condition.values ?? []).slice(0, values);
}

/**
 * @param {string} name
 * @param {Filter} condition
 * @param {import("./language.js").ColumnType} type
 * @param {{ change: (values: unknown[]) => void, write: (values: unknown[]) => void, known?: (field: string) => Promise<string[]> }} options
 */
function valueControls(name, condition, type, { change, write, known }) {
  const { values: count } = operatorOf(condition.operator);
  const values = [...(condition.values ?? [])];
  if (count === 0) return null;
  if (type === "boolean") {
    const choices = [{ value: "", label: "Choose" }, { value: "true", label: "true" }, { value: "false", label: "false" }];
    return choice(`Value of ${name}`, { value: String(values[0] ?? ""), choices, choose: (value) => change(value ? [value === "true"] : []) });
  }
  const field = condition.field ?? "";
  const list = type === "text" && known ? knownValues(field, known) : undefined;
  const attributes = { placeholder: "Value", list: list?.id, autocomplete: "off" };
  const kind = inputType(type, values);
  if (count === "many") {
    const input = entry(`Value of ${name}`, { type: kind, value: "", write: () => {}, attributes });
    const add = () => input.value && change([...values, typed(input.value, type)]);
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      add();
    });
    // A value that is picked from the list is meant.
    input.addEventListener("input", () => list && [...list.options].some(({ value }) => value === input.value) && add());
    const chips = values.map((value, index) => {
      const remove = removeButton(`Remove ${value}`, () => change(withItem(values, index)));
      return h("li", { class: "chip" }, text(String(value)), remove);
    });
    const addValue = iconButton(`Add the value to ${name}`, { icon: "add", run: add });
    return h("div", { class: "values" }, chips.length > 0 && h("ul", { class: "chips" }, ...chips), h("div", { class: "value-entry" }, input, addValue), list);
  }
  const inputs = Array.from({ length: count }, (_, index) => {
    const label = count === 2 ? `${index ? "Last" : "First"} value of ${name}` : `Value of ${name}`;
    return entry(label, {
      type: kind,
      value: /** @type {any} */ (values[index]),
      write: (value) => {
        values[index] = typed(value, type);
        write([...values]);
      },
      attributes,
    });
  });
  return h("div", { class: "values" }, ...inputs, list);
}

/**
 * The values of a column to pick from, asked for when they are needed.
 * @param {string} field
 * @param {(field: string) => Promise<string[]>} known
 */
function knownValues(field, known) {
  const list = h("datalist", { id: uniqueId("values") });
  known(field).then((values) => list.replaceChildren(...values.map((value) => h("option", { value }))), () => {});
  return list;
}

/** @param {import("./language.js").ColumnType} type @param {unknown[]} values */
function inputType(type, values) {
  if (isNumeric(type)) return "number";
  // A point in time, such as another client wrote it, is no day.
  return isTime(type) && values.every((value) => String(value).length <= 10) ? "date" : "text";
}

/** @param {string} value @param {import("./language.js").ColumnType} type */
function typed(value, type) {
  return isNumeric(type) && value !== "" ? Number(value) : value;
}
