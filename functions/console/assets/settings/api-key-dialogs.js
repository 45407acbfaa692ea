/**
 * Making a key and replacing one. Both end in the only moment that the key can be seen.
 */

import { api } from "../api/client.js";
import { root } from "../api/root.js";
import { button, copyButton } from "../ui/button.js";
import { openDialog } from "../ui/dialog.js";
import { h, uniqueId } from "../ui/dom.js";
import { form } from "../ui/form.js";
import { dateTime } from "../ui/format.js";
import { icon } from "../ui/icon.js";

/** @type {Record<Api.Schemas["Scope"], string>} */
export const SCOPES = { read_only: "Read only", read_write: "Read and write" };

const DAY_SECONDS = 86_400;
const ON_A_DAY = "on";

const EXPIRIES = [
  { value: "", label: "Never" },
  { value: "7", label: "In 7 days" },
  { value: "30", label: "In 30 days" },
  { value: "90", label: "In 90 days" },
  { value: "365", label: "In a year" },
  { value: ON_A_DAY, label: "On a day…" },
];

const GRACE_PERIODS = [
  { value: "0", label: "Stops at once" },
  { value: "3600", label: "Works for an hour more" },
  { value: String(DAY_SECONDS), label: "Works for a day more" },
  { value: String(3 * DAY_SECONDS), label: "Works for 3 days more" },
  { value: String(7 * DAY_SECONDS), label: "Works for 7 days more" },
];

/** @typedef {Api.Schemas["CreatedApiKey"]} CreatedApiKey */
/** @typedef {{ name: string, scope: Api.Schemas["Scope"], expiry?: string, expires_at?: string }} KeyValues */

/** It is awaited on whatever page: nobody could see the key later. @returns {Promise<boolean>} Whether one was made. */
export async function createKey() {
  /** @type {CreatedApiKey | undefined} */
  const key = await openDialog("Create an API key", (close) => {
    const tomorrow = new Date(Date.now() + DAY_SECONDS * 1000).toISOString().slice(0, 10);
    const { element, control } = form({
      fields: [
        { name: "name", label: "Name", required: true, hint: "What will use it: “Nightly export”.", attributes: { maxlength: 100, autocomplete: "off", autofocus: true } },
        { name: "scope", label: "Scope", type: "select", value: "read_only", options: Object.entries(SCOPES).map(([value, label]) => ({ value, label })), hint: "It may do what you may, and no more. Reading includes queries." },
        { name: "expiry", label: "Expires", type: "select", value: "90", options: EXPIRIES },
        { name: "expires_at", label: "Last day", type: "date", value: tomorrow, required: true, attributes: { min: tomorrow } },
      ],
      submit: "Create key",
      save: async (/** @type {KeyValues} */ values) => {
        const body = { name: values.name, scope: values.scope, expires_at: expiresAt(values) };
        const { data } = await api.post("/api/api-keys/", { body });
        close(data);
      },
      cancel: () => close(),
    });
    const day = /** @type {HTMLElement} */ (control("expires_at")?.closest(".field"));
    const expiry = /** @type {HTMLSelectElement} */ (control("expiry"));
    const show = () => {
      day.hidden = expiry.value !== ON_A_DAY;
    };
    expiry.addEventListener("change", show);
    show();
    return element;
  }, { isAwaited: true });
  if (key) await showKey(key, "Your new API key");
  return key !== undefined;
}

/**
 * When a key ends: a chosen day counts whole, by the reader's calendar.
 * @param {KeyValues} values
 */
function expiresAt({ expiry, expires_at: day }) {
  if (!expiry) return null;
  const end = expiry === ON_A_DAY ? new Date(`${day}T23:59:59`) : new Date(Date.now() + Number(expiry) * DAY_SECONDS * 1000);
  return `${end.toISOString().slice(0, 19)}Z`;
}

/**
 * @param {Api.Schemas["ApiKey"]} key
 * @returns {Promise<boolean>} Whether it has a successor.
 */
export async function rotateKey({ id, name }) {
  /** @type {CreatedApiKey | undefined} */
  const key = await openDialog(`Rotate ${name}`, (close) => [
    h("p", null, "You get a new key with the same name, scope and expiry. Put it where the old one is used before that stops."),
    form({
      fields: [{ name: "grace", label: "The old key", type: "select", value: String(DAY_SECONDS), options: GRACE_PERIODS, attributes: { autofocus: true } }],
      submit: "Rotate key",
      save: async (/** @type {{ grace: string }} */ { grace }) => {
        const body = { grace_period_seconds: Number(grace) };
        const { data } = await api.post("/api/api-keys/{id}/rotate/", { path: { id }, body });
        close(data);
      },
      cancel: () => close(),
    }).element,
  ], { isAwaited: true });
  if (key) await showKey(key, `The new key of ${name}`);
  return key !== undefined;
}

/**
 * Shows a key, for the first and the last time: it is not left by a key pressed by chance.
 * @param {CreatedApiKey} created
 * @param {string} title
 */
function showKey({ key, scope, expires_at: expires }, title) {
  const command = `curl -H "X-API-Key: ${key}" ${new URL("api/auth/status/", root)}`;
  return openDialog(
    title,
    (close) => {
      const id = uniqueId("key");
      const value = h("textarea", { id, class: "secret", rows: 2, readonly: true, value: key, spellcheck: "false", autocomplete: "off", autofocus: true });
      value.addEventListener("focus", () => value.select());
      const until = expires ? `until ${dateTime(expires)}` : "until it is revoked";
      return [
        h("p", { class: "notice" }, icon("alert"), h("span", null, h("strong", null, "Copy it now: "), "only its fingerprint is stored, so it cannot be shown again.")),
        h("div", { class: "field" }, h("label", { for: id }, "API key"), h("div", { class: "with-button" }, value, copyButton(key, "Copy key"))),
        h("p", { class: "quiet small" }, `${SCOPES[scope]}, ${until}.`),
        h("h3", null, "Try it"),
        h("pre", { class: "code" }, command),
        h("footer", null, copyButton(command, "Copy command"), button("I have copied it", { kind: "primary", run: () => close() })),
      ];
    },
    { isWide: true, isRequired: true },
  );
}
