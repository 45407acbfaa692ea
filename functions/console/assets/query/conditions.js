/**
 * Conditions: which rows, and which groups of them. Those on rows may be in groups, of which all or any hold. Used by queries, and by
 * whoever looks at a dashboard.
 */

import { button, iconButton } from "../ui/button.js";
import { h, text, uniqueId } from "../ui/dom.js";
import { choice, entry, line, removeButton, withItem } from "./controls.js";
import { groupKind, isNumeric, isTime, operatorOf, OPERATORS } from "./language.js";

/** @typedef {import("./language.js").Filter} Filter */
/** @typedef {import("./language.js").Column} Column */

/** As deep as groups may be in each other (docs/queries.md). */
const DEEPEST = 5;

const GROUPS = [
  { value: "or", label: "Any of these" },
  { value: "and", label: "All of these" },
];

/**
 * @typedef {object} Options
 * @property {string} noun  "filter", for the names of the controls.
 * @property {Filter[]} conditions
 * @property {Column[]} columns
 * @property {(conditions: Filter[]) => void} change  Other controls may be needed.
 * @property {(conditions: Filter[]) => void} write  What was typed: the controls stay.
 * @property {(field: string) => Promise<string[]>} [known]  The values that a column has, to pick from.
 * @property {number} [depth]  How deep groups may be: 0 for none.
 */

/** The conditions, all of which hold. @param {Options} options */
export const conditions = (options) => list({ depth: DEEPEST, ...options }, "", "and");

/**
 * @param {Options & { depth: number }} options
 * @param {string} place  Where the list is, for the names of what is in it: "2." in group 2.
 * @param {"and" | "or"} kind
 * @returns {import("../ui/dom.js").Children[]}
 */
function list(options, place, kind) {
  const { noun, conditions, columns, change, depth } = options;
  // What is typed later is in it, too.
  const own = { ...options, conditions: [...conditions] };
  const lines = conditions.map((condition, index) => (groupKind(condition) ? group(own, place, index) : single(own, place, index)));
  const to = place && ` to group ${place.slice(0, -1)}`;
  const adder = (/** @type {string} */ what, /** @type {() => Filter} */ make) => {
    const add = button(`Add ${what}`, { icon: "add", kind: "quiet", run: () => change([...own.conditions, make()]), disabled: columns.length === 0 });
    add.dataset.key = `Add ${what}${to}`;
    if (to) add.append(h("span", { class: "visually-hidden" }, to));
    return add;
  };
  const empty = () => /** @type {Filter} */ ({ field: columns[0].name, operator: "eq", values: [] });
  const addOne = adder(noun, empty);
  addOne.dataset.next = "";
  const addGroup = depth > 0 && adder(`group of ${noun}s`, () => (kind === "or" ? { and: [empty()] } : { or: [empty()] }));
  return [lines.length > 0 && h("ul", { class: "conditions" }, ...lines), h("div", null, addOne, addGroup)];
}

/**
 * @param {Options & { depth: number }} own
 * @param {string} place
 * @param {number} index
 */
function group(own, place, index) {
  const number = `${place}${index + 1}`;
  const name = `group ${number}`;
  const condition = own.conditions[index];
  const kind = groupKind(condition) ?? "or";
  const put = (/** @type {Filter[]} */ inner) => (own.conditions = withItem(own.conditions, index, { [kind]: inner }));
  const inner = {
    ...own,
    depth: own.depth - 1,
    conditions: condition[kind] ?? [],
    change: (/** @type {Filter[]} */ inner) => own.change(put(inner)),
    write: (/** @type {Filter[]} */ inner) => own.write(put(inner)),
  };
  const which = choice(`Which of ${name}`, {
    value: kind,
    choices: GROUPS,
    choose: (kind) => own.change(withItem(own.conditions, index, { [kind]: own.conditions[index].or ?? own.conditions[index].and })),
  });
  const remove = removeButton(`Remove ${name}`, () => own.change(withItem(own.conditions, index)));
  const content = h("fieldset", { class: "part", "aria-label": `Group ${number}`, data: { key: name } }, which, ...list(inner, `${number}.`, kind));
  return h("li", { class: "condition-group" }, content, remove);
}

/**
 * @param {Options} own
 * @param {string} place
 * @param {number} index
 */
function single(own, place, index) {
  const { columns, change, write, known } = own;
  const name = `${own.noun} ${place}${index + 1}`;
  const condition = own.conditions[index];
  const type = columns.find((column) => column.name === condition.field)?.type ?? "text";
  const operators = OPERATORS.filter(({ takes }) => takes(type));
  const put = (/** @type {Partial<Filter>} */ part) => withItem(own.conditions, index, { ...own.conditions[index], ...part });
  const field = choice(`Field of ${name}`, {
    value: condition.field ?? "",
    choices: columns.map(({ name }) => ({ value: name, label: name })),
    choose: (field) => change(put({ field, operator: "eq", values: [] })),
  });
  const operator = choice(`Operator of ${name}`, {
    value: condition.operator ?? "eq",
    choices: operators,
    choose: (operator) => change(put({ operator: /** @type {any} */ (operator), values: kept(own.conditions[index], operator) })),
  });
  const values = valueControls(name, condition, type, {
    change: (values) => change(put({ values })),
    write: (values) => write((own.conditions = put({ values }))),
    known,
  });
  return line(field, operator, values, removeButton(`Remove ${name}`, () => change(withItem(own.conditions, index))));
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
    const add = () => {
      const { value } = input;
      // It is a value now, and not being typed any more.
      input.value = "";
      if (value) change([...values, typed(value, type)]);
    };
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      add();
    });
    // A value that is picked from the list is meant; one that is typed may go on: "Europe East".
    input.addEventListener("input", (event) => isPick(event) && list && [...list.options].some(({ value }) => value === input.value) && add());
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

/** Whether a value comes from the list: Firefox calls that a replacement, Chromium and Safari no editing at all. @param {Event} event */
function isPick(event) {
  return !(event instanceof InputEvent) || event.inputType === "insertReplacementText";
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
