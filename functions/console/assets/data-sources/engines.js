/**
 * What data can come from: one table of the engines with the settings of their connections, which forms, lists and descriptions are
 * made of. Names, defaults and what must be there are the API's (docs/api.md); labels and hints are in the words of who fills it in.
 */

/**
 * @typedef {object} Setting
 * @property {string} name  As in `connection`; with a dot within another.
 * @property {string} label
 * @property {"text" | "number" | "url" | "checkbox" | "select" | "textarea" | "secret" | "list" | "columns"} [kind]  `list`: texts that
 *   commas separate. `columns`: types by the names of columns, a line each.
 * @property {string} [hint]
 * @property {boolean} [required]
 * @property {string | number | boolean} [standard]  What holds if nothing is said.
 * @property {{ value: string, label: string }[]} [options]
 * @property {boolean} [isRare]  Whether it is folded away: most people need not look at it.
 * @property {Record<string, string | number | boolean>} [attributes]
 */

/**
 * @typedef {object} Engine
 * @property {Api.Schemas["DataSourceType"]} type
 * @property {string} label
 * @property {string} about
 * @property {Setting[]} settings
 * @property {string[]} [extensions]  Of its files.
 */

/** @type {Record<Api.Schemas["DataSourceType"], { label: string, one: string, icon: import("../ui/icon.js").IconName }>} */
export const TYPES = {
  file: { label: "Files", one: "File", icon: "file" },
  database: { label: "Databases", one: "Database", icon: "database" },
  api: { label: "Web APIs", one: "Web API", icon: "globe" },
  cloud: { label: "Cloud storage", one: "Cloud", icon: "cloud" },
};

/** The list of formats that date settings suggest. */
export const DATE_FORMATS = ["%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%Y/%m/%d", "%d.%m.%Y %H:%M", "%m/%d/%Y %I:%M %p"];

/** @type {Setting} */
const dateFormat = {
  name: "date_format",
  label: "How dates are written",
  hint: "Only if they are not like 2026-12-31: %d.%m.%Y reads 31.12.2026, %m/%d/%Y reads 12/31/2026.",
  attributes: { list: "date-formats", maxlength: 64, autocomplete: "off" },
};

/** @type {Setting} */
const decimal = {
  name: "decimal",
  label: "Decimal sign",
  kind: "select",
  options: [
    { value: "", label: "As each column looks like" },
    { value: ".", label: "Point: 1,234.56" },
    { value: ",", label: "Comma: 1.234,56" },
  ],
};

/** @type {Setting} */
const delimiter = {
  name: "delimiter",
  label: "Fields are separated by",
  kind: "select",
  options: [
    { value: "", label: "What the file looks like" },
    { value: ",", label: "Comma" },
    { value: ";", label: "Semicolon" },
    { value: "\t", label: "Tab" },
    { value: "|", label: "Vertical bar" },
  ],
};

/** @type {Setting} */
const hasHeader = { name: "has_header", label: "The first row names the columns", kind: "checkbox", standard: true };

/** @type {Setting} */
const columns = {
  name: "columns",
  label: "Types of columns",
  kind: "columns",
  hint: "Only where the type that was found is wrong. A line each, such as zip: text. Types are text, integer, number, date, datetime and boolean.",
};

/** @param {string} what @returns {Setting} */
const refresh = (what) => ({
  name: "refresh",
  label: `Read the ${what} again`,
  kind: "select",
  standard: "manual",
  hint: "By itself, at a time of its own. While the data source is paused, it is not.",
  options: [
    { value: "manual", label: "Only when asked to" },
    { value: "hourly", label: "Every hour" },
    { value: "daily", label: "Every day" },
    { value: "weekly", label: "Every week" },
  ],
});

/** @param {string} what @returns {Setting} */
const cacheSeconds = (what) => ({
  name: "cache_seconds",
  label: "Keep answers for (seconds)",
  kind: "number",
  standard: 60,
  hint: `How long an answer serves before ${what} is asked again: 1 to 86,400.`,
  isRare: true,
  attributes: { min: 1, max: 86_400 },
});

/** @type {Setting} */
const region = { name: "region", label: "AWS region", required: true, hint: "Such as eu-central-1.", attributes: { autocomplete: "off", spellcheck: "false" } };

/** @type {Setting} */
const secretAccessKey = { name: "secret_access_key", label: "Secret access key", kind: "secret" };

/** @param {Setting[]} settings */
const rare = (settings) => settings.map((setting) => ({ ...setting, isRare: true }));

/** @param {number} port @param {string} schemas @returns {Setting[]} */
const database = (port, schemas) => [
  { name: "host", label: "Host", required: true, hint: "The name or address of the server, such as db.example.com.", attributes: { autocomplete: "off", spellcheck: "false" } },
  { name: "port", label: "Port", kind: "number", standard: port, attributes: { min: 1, max: 65_535 } },
  { name: "database", label: "Database", required: true, attributes: { autocomplete: "off", spellcheck: "false" } },
  { name: "username", label: "User name", required: true, hint: "A user who may only read is enough, and best.", attributes: { autocomplete: "off", spellcheck: "false" } },
  { name: "password", label: "Password", kind: "secret" },
  {
    name: "ssl_mode",
    label: "Encryption",
    kind: "select",
    standard: "require",
    options: [
      { value: "require", label: "Encrypted" },
      { value: "verify_full", label: "Encrypted, and the server's certificate is checked" },
      { value: "disable", label: "Not encrypted" },
    ],
  },
  {
    name: "ca_certificate",
    label: "Certificate of the authority",
    kind: "textarea",
    hint: "Only where the certificate is checked and no public authority signed it. Begins with -----BEGIN CERTIFICATE-----.",
    isRare: true,
    attributes: { dir: "ltr", spellcheck: "false", class: "code" },
  },
  { name: "schemas", label: "Schemas", kind: "list", hint: `Separated by commas. By default ${schemas}.`, isRare: true },
  { name: "excluded_schemas", label: "Schemas to leave out", kind: "list", hint: "Separated by commas.", isRare: true },
  refresh("catalog"),
  cacheSeconds("the database"),
];

/** @type {Record<Api.Schemas["DataSourceEngine"], Engine>} */
export const ENGINES = {
  csv: {
    type: "file",
    label: "CSV or TSV file",
    about: "Rows of text, separated by commas, semicolons, tabs or bars.",
    extensions: ["csv", "tsv", "txt"],
    settings: [delimiter, hasHeader, decimal, dateFormat, { ...columns, isRare: true }],
  },
  xlsx: {
    type: "file",
    label: "Excel spreadsheet",
    about: "An .xlsx file. Each sheet becomes a table.",
    extensions: ["xlsx"],
    settings: [
      { name: "sheet", label: "Sheet", hint: "The one to read. By default each sheet is a table." },
      hasHeader,
      decimal,
      dateFormat,
      { ...columns, isRare: true },
    ],
  },
  json: {
    type: "file",
    label: "JSON file",
    about: "A list of objects, or an object a line (NDJSON).",
    extensions: ["json", "ndjson", "jsonl"],
    settings: [dateFormat, { ...columns, isRare: true }],
  },
  parquet: { type: "file", label: "Parquet file", about: "It says itself what is in it.", extensions: ["parquet"], settings: [] },
  postgresql: {
    type: "database",
    label: "PostgreSQL",
    about: "Asked where it is: nothing is copied.",
    settings: database(5432, "all that the user may read"),
  },
  mysql: {
    type: "database",
    label: "MySQL or MariaDB",
    about: "Asked where it is: nothing is copied.",
    settings: database(3306, "the database above"),
  },
  rest: {
    type: "api",
    label: "REST API",
    about: "JSON over HTTPS, fetched as often as you say.",
    settings: [
      { name: "url", label: "URL", kind: "url", required: true, hint: "Begins with https://.", attributes: { dir: "ltr" } },
      { name: "token", label: "Token", kind: "secret", hint: "Sent as Authorization: Bearer, to the host of the URL and to no other." },
      {
        name: "records",
        label: "Where the records are",
        hint: "A path like $.data.items. By default the answer is a list, or an object with one list in it.",
        attributes: { dir: "ltr", spellcheck: "false", autocomplete: "off" },
      },
      {
        name: "pagination.next",
        label: "Where the next page is named",
        hint: "A path like $.next to its URL. By default the header Link says it.",
        attributes: { dir: "ltr", spellcheck: "false", autocomplete: "off" },
      },
      refresh("API"),
      ...rare([dateFormat, columns]),
    ],
  },
  s3: {
    type: "cloud",
    label: "Amazon S3",
    about: "CSV, NDJSON or Parquet objects of a bucket, as one table.",
    settings: [
      { name: "bucket", label: "Bucket", required: true, attributes: { autocomplete: "off", spellcheck: "false" } },
      region,
      { name: "prefix", label: "Prefix", hint: "What the names of the objects begin with, such as exports/2026/. By default all are read." },
      { name: "access_key_id", label: "Access key ID", required: true, hint: "It needs s3:ListBucket and s3:GetObject, and nothing else.", attributes: { autocomplete: "off", spellcheck: "false" } },
      secretAccessKey,
      refresh("bucket"),
      ...rare([
        {
          name: "format",
          label: "Kind of objects",
          kind: "select",
          options: [
            { value: "", label: "The one that there is" },
            { value: "csv", label: "CSV" },
            { value: "ndjson", label: "NDJSON" },
            { value: "parquet", label: "Parquet" },
          ],
        },
        delimiter,
        hasHeader,
        decimal,
        dateFormat,
        columns,
      ]),
    ],
  },
  athena: {
    type: "cloud",
    label: "Amazon Athena",
    about: "SQL over files in S3, asked where they are.",
    settings: [
      { name: "database", label: "Database", required: true, attributes: { autocomplete: "off", spellcheck: "false" } },
      region,
      {
        name: "role_arn",
        label: "Role to assume",
        hint: "Its ARN. Once it is saved, the data source shows the external ID that the role's trust policy must ask for.",
        attributes: { dir: "ltr", spellcheck: "false", autocomplete: "off" },
      },
      { name: "access_key_id", label: "Access key ID", hint: "In place of a role.", attributes: { autocomplete: "off", spellcheck: "false" } },
      secretAccessKey,
      refresh("catalog"),
      { name: "workgroup", label: "Workgroup", standard: "primary", isRare: true, attributes: { autocomplete: "off" } },
      { name: "catalog", label: "Data catalog", standard: "AwsDataCatalog", isRare: true, attributes: { autocomplete: "off" } },
      cacheSeconds("Athena"),
    ],
  },
};

/** @param {string | null} name @returns {Api.Schemas["DataSourceEngine"] | undefined} */
export function engineNamed(name) {
  return name !== null && Object.hasOwn(ENGINES, name) ? /** @type {Api.Schemas["DataSourceEngine"]} */ (name) : undefined;
}

/**
 * The engine that reads a file, by the end of its name.
 * @param {string} fileName
 * @returns {Api.Schemas["DataSourceEngine"] | undefined}
 */
export function engineOfFile(fileName) {
  const extension = fileName.split(".").pop()?.toLowerCase() ?? "";
  const found = Object.entries(ENGINES).find(([, { extensions }]) => extensions?.includes(extension));
  return found && engineNamed(found[0]);
}

/** What a file chooser offers, of one engine or of all. @param {Api.Schemas["DataSourceEngine"]} [engine] */
export function acceptedFiles(engine) {
  const engines = engine ? [ENGINES[engine]] : Object.values(ENGINES);
  return engines.flatMap(({ extensions = [] }) => extensions.map((extension) => `.${extension}`)).join(",");
}
