/**
 * The language of queries, as far as a person picks in it: what goes with which type of column, what each type of widget needs, and
 * what is called what. Tables that mirror docs/queries.md; nothing here asks the API.
 */

/** @typedef {Api.Schemas["WidgetQuery"]} Query */
/** @typedef {Api.Schemas["Measure"]} Measure */
/** @typedef {Api.Schemas["QueryFilter"]} Filter */
/** @typedef {Api.Schemas["Operator"]} Operator */
/** @typedef {Api.Schemas["ColumnType"]} ColumnType */
/** @typedef {Api.Schemas["WidgetType"]} WidgetType */
/** @typedef {{ name: string, type: ColumnType, distinct_count?: number | null }} Column */
/** @typedef {{ value: string, label: string }} Choice */

/** @param {ColumnType | undefined} type */
export const isNumeric = (type) => type === "integer" || type === "number";
/** @param {ColumnType | undefined} type */
export const isTime = (type) => type === "date" || type === "datetime";

/** @type {{ value: Api.Schemas["Aggregation"], label: string, takes: (type: ColumnType) => boolean }[]} */
export const AGGREGATIONS = [
  { value: "sum", label: "Sum", takes: isNumeric },
  { value: "average", label: "Average", takes: isNumeric },
  { value: "median", label: "Median", takes: isNumeric },
  { value: "min", label: "Minimum", takes: (type) => type !== "boolean" },
  { value: "max", label: "Maximum", takes: (type) => type !== "boolean" },
  { value: "count", label: "Count", takes: () => true },
  { value: "distinct_count", label: "Distinct count", takes: () => true },
];

/** @type {{ value: Api.Schemas["Grain"], label: string }[]} */
const GRAINS = [
  { value: "hour", label: "by hour" },
  { value: "day", label: "by day" },
  { value: "week", label: "by week" },
  { value: "month", label: "by month" },
  { value: "quarter", label: "by quarter" },
  { value: "year", label: "by year" },
];

/** A date has no hours. @param {ColumnType | undefined} type */
export const grainsOf = (type) => (type === "date" ? GRAINS.slice(1) : GRAINS);

const any = () => true;
const isOrdered = (/** @type {ColumnType} */ type) => type !== "boolean";

/** @type {{ value: Operator, label: string, values: 0 | 1 | 2 | "many", takes: (type: ColumnType) => boolean }[]} */
export const OPERATORS = [
  { value: "eq", label: "is", values: 1, takes: any },
  { value: "ne", label: "is not", values: 1, takes: any },
  { value: "in", label: "is one of", values: "many", takes: any },
  { value: "not_in", label: "is none of", values: "many", takes: any },
  { value: "contains", label: "contains", values: 1, takes: (type) => type === "text" },
  { value: "gt", label: "is more than", values: 1, takes: isOrdered },
  { value: "gte", label: "is at least", values: 1, takes: isOrdered },
  { value: "lt", label: "is less than", values: 1, takes: isOrdered },
  { value: "lte", label: "is at most", values: 1, takes: isOrdered },
  { value: "between", label: "is between", values: 2, takes: isOrdered },
  { value: "is_null", label: "is missing", values: 0, takes: any },
  { value: "is_not_null", label: "is there", values: 0, takes: any },
];

/** @param {Operator | null | undefined} operator */
export const operatorOf = (operator) => OPERATORS.find(({ value }) => value === operator) ?? OPERATORS[0];

/** What each type of widget needs: dimensions and measures, at least and at most. */
export const WIDGET_TYPES = /** @type {const} */ ([
  { value: "line", label: "Line", dimensions: [1, 2], measures: [1, 10] },
  { value: "bar", label: "Bar", dimensions: [1, 2], measures: [1, 10] },
  { value: "area", label: "Area", dimensions: [1, 2], measures: [1, 10] },
  { value: "pie", label: "Pie", dimensions: [1, 1], measures: [1, 1] },
  { value: "funnel", label: "Funnel", dimensions: [1, 1], measures: [1, 1] },
  { value: "scatter", label: "Scatter", dimensions: [0, 2], measures: [2, 3] },
  { value: "heatmap", label: "Heatmap", dimensions: [2, 2], measures: [1, 1] },
  { value: "metric", label: "Metric", dimensions: [0, 0], measures: [1, 1] },
  { value: "gauge", label: "Gauge", dimensions: [0, 0], measures: [1, 1] },
  { value: "table", label: "Table", dimensions: [0, 10], measures: [0, 20] },
]);

/** Few enough to tell slices apart. */
const SLICES = 8;

/** @param {Query} query */
const parts = ({ dimensions = [], measures = [] }) => ({ dimensions, measures, isAsked: dimensions.length + measures.length > 0 });

/** Whether a query has what a type needs. @param {WidgetType} type @param {Query} query */
export function fits(type, query) {
  const { dimensions, measures, isAsked } = parts(query);
  const within = (/** @type {number} */ count, /** @type {readonly [number, number]} */ [least, most]) => least <= count && count <= most;
  const needs = WIDGET_TYPES.find(({ value }) => value === type);
  return needs !== undefined && isAsked && within(dimensions.length, needs.dimensions) && within(measures.length, needs.measures);
}

/** What a type needs, in words. @param {(typeof WIDGET_TYPES)[number]} type */
export function needsOf({ label, dimensions, measures }) {
  const range = (/** @type {readonly [number, number]} */ [least, most], /** @type {string} */ noun) =>
    most === 0 ? `no ${noun}` : `${least === most ? least : `${least} to ${most}`} ${noun}${most === 1 ? "" : "s"}`;
  return `${label}: ${range(dimensions, "grouping")}, ${range(measures, "measure")}`;
}

/**
 * The types that show a query best, the best one first.
 * @param {Query} query
 * @param {Column[]} columns
 * @returns {WidgetType[]}
 */
export function suggestions(query, columns) {
  const { dimensions, measures } = parts(query);
  const [first, second] = dimensions;
  const distinct = columns.find(({ name }) => name === first?.field)?.distinct_count;
  /** @type {WidgetType[]} */
  const wanted = [];
  if (!first) wanted.push(measures.length === 1 ? "metric" : "table", measures.length > 1 ? "scatter" : "gauge");
  else if (first.grain) wanted.push("line", "area", "bar");
  else if (second) wanted.push(second.grain || measures.length === 1 ? "heatmap" : "bar", "bar");
  else if (distinct && distinct <= SLICES) wanted.push("bar", "pie");
  else wanted.push("bar", "table");
  return [...wanted, /** @type {WidgetType} */ ("table")].filter((type) => fits(type, query));
}

/** What a measure is called in the result. @param {Measure} measure */
export function measureName({ as, aggregation, field, ratio }) {
  if (as) return as;
  if (ratio) return ratio.join("_per_");
  return field ? `${aggregation}_${field}` : String(aggregation);
}

/** What a dimension is called in the result. @param {Api.Schemas["Dimension"]} dimension */
export const dimensionName = ({ as, field }) => as || field;

/** @param {Query} query */
export const measureNames = ({ measures = [] }) => measures.map(measureName);
/** @param {Query} query */
export const dimensionNames = ({ dimensions = [] }) => dimensions.map(dimensionName);

/** What of a group's conditions must hold, all or any; none if it is a condition. @param {Filter} filter @returns {"and" | "or" | undefined} */
export const groupKind = ({ and, or }) => (or ? "or" : and ? "and" : undefined);

/** Whether a condition has the values that its operator takes. @param {Filter | Api.Schemas["Having"]} condition */
function isComplete({ field, operator, values = [] }) {
  const { values: count } = operatorOf(operator);
  const given = (values ?? []).filter((value) => value !== "" && value !== null && value !== undefined);
  return Boolean(field) && (count === "many" ? given.length > 0 : given.length === count);
}

/** The conditions that are written to their end, and the groups that have such. @param {Filter[]} filters @returns {Filter[]} */
export function completeFilters(filters) {
  return filters.flatMap((filter) => {
    const kind = groupKind(filter);
    if (!kind) return isComplete(filter) ? [filter] : [];
    const inner = completeFilters(filter[kind] ?? []);
    return inner.length > 0 ? [{ [kind]: inner }] : [];
  });
}

/** @param {Api.Schemas["QueryTimeRange"] | null | undefined} range */
export const isRangeComplete = (range) => Boolean(range?.field && (range.range || range.from || range.to));

/**
 * The query without what is not written to its end yet, and without what refers to nothing any more.
 * @param {Query} query
 * @returns {Query}
 */
export function complete(query) {
  const names = new Set([...dimensionNames(query), ...measureNames(query)]);
  const measures = new Set(measureNames(query));
  const { filters = [], having = [], order_by: order = [], top, time_range: range, compare, fill } = query;
  const hasGrain = (query.dimensions ?? []).filter(({ grain }) => grain).length === 1;
  /** @type {Query} */
  const whole = {
    ...query,
    filters: completeFilters(filters),
    having: having.filter((condition) => isComplete(condition) && measures.has(condition.field)),
    order_by: order.filter(({ field }) => names.has(field)),
    top: top && dimensionNames(query).includes(top.dimension) && measures.has(top.by) && top.count > 0 ? top : undefined,
    time_range: isRangeComplete(range) ? range : undefined,
    compare: isRangeComplete(range) ? compare : undefined,
    fill: hasGrain ? fill : undefined,
  };
  const isEmpty = (/** @type {unknown} */ value) => value === undefined || value === null || value === false || (Array.isArray(value) && value.length === 0);
  return /** @type {Query} */ (Object.fromEntries(Object.entries(whole).filter(([, value]) => !isEmpty(value))));
}

/** `ordered_at` as people write it: "Ordered at". @param {string} name */
export function inWords(name) {
  const words = name.replaceAll(/[_\s]+/g, " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** What a query answers, as a title: "Sum of revenue by region". @param {Query} query */
export function titleOf(query) {
  const { dimensions, measures } = parts(query);
  const measured = measures.map((measure) => {
    if (measure.as) return inWords(measure.as);
    if (!measure.field) return measure.ratio ? inWords(measureName(measure)) : "Rows";
    const aggregation = AGGREGATIONS.find(({ value }) => value === measure.aggregation)?.label ?? "";
    return `${aggregation} of ${inWords(measure.field).toLowerCase()}`;
  });
  const list = (/** @type {string[]} */ words) => new Intl.ListFormat("en").format(words);
  const grouped = dimensions.map(({ field, grain }) => grain ?? inWords(field).toLowerCase());
  const title = measures.length === 0 ? inWords(list(grouped)) : `${list(measured)}${grouped.length ? ` by ${list(grouped)}` : ""}`;
  return title.slice(0, 100) || "Untitled";
}

/** A condition in words: "region is one of Europe, Asia". @param {Filter} filter @returns {string} */
export function filterInWords(filter) {
  const group = filter.and ?? filter.or;
  if (group) return `(${group.map(filterInWords).join(filter.or ? " or " : " and ")})`;
  const { label, values } = operatorOf(filter.operator);
  return `${filter.field} ${label} ${(filter.values ?? []).join(values === 2 ? " and " : ", ")}`.trim();
}
