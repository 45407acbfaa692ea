/**
 * Forms, made of what their fields are. What the API says of a field is shown at it, and told to screen readers with it.
 *
 * A name with dots is a value within another: `connection.host` becomes `{ connection: { host } }`, as the API names it in its errors.
 */

import { ApiError } from "../api/error.js";
import { button } from "./button.js";
import { h, replace, uniqueId } from "./dom.js";

/**
 * @typedef {object} Field
 * @property {string} name
 * @property {string} label
 * @property {"text" | "email" | "password" | "number" | "url" | "date" | "datetime-local" | "checkbox" | "select" | "textarea"} [type]
 * @property {string} [hint]  What to write, and why.
 * @property {any} [value]
 * @property {boolean} [required]
 * @property {{ value: string, label: string }[]} [options]  Of a `select`.
 * @property {boolean} [keepEmpty]  Whether an empty text is sent, too.
 * @property {Record<string, string | number | boolean>} [attributes]  Of the control: `autocomplete`, `maxlength`, `min`.
 */

/** @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Control */

/**
 * @param {object} options
 * @param {Field[]} options.fields
 * @param {string} options.submit  The name of its button.
 * @param {(values: any) => Promise<unknown>} options.save  Fails as the API does.
 * @param {() => void} [options.cancel]
 * @param {import("./dom.js").Children} [options.extra]  What else is below the fields.
 */
export function form({ fields, submit, save, cancel, extra }) {
  const rows = fields.map((field) => row(field));
  const failure = h("div", { class: "form-error", role: "alert", hidden: true });
  const submitButton = h("button", { class: "button primary" }, submit);
  const buttons = h("footer", null, cancel && button("Cancel", { run: cancel }), submitButton);
  const element = h("form", { class: "form", novalidate: true, on: { submit: send } }, ...rows.map((row) => row.element), extra, failure, buttons);

  /** The values, nested by their names. */
  function values() {
    /** @type {Record<string, any>} */
    const all = {};
    for (const { field, control } of rows) {
      const value = read(field, control);
      if (value === undefined) continue;
      const path = field.name.split(".");
      const last = /** @type {string} */ (path.pop());
      let within = all;
      for (const part of path) within = within[part] ??= {};
      within[last] = value;
    }
    return all;
  }

  /** @param {unknown} error */
  function showError(error) {
    const reasons = error instanceof ApiError ? { ...error.fields } : {};
    for (const row of rows) {
      row.showReasons(reasons[row.field.name] ?? []);
      delete reasons[row.field.name];
    }
    const rest = Object.entries(reasons).map(([name, texts]) => `${name}: ${texts.join(" ")}`);
    const isOnlyFields = error instanceof ApiError && Object.keys(error.fields).length > 0;
    const general = error && !isOnlyFields ? [/** @type {any} */ (error).detail ?? String(error)] : [];
    const lines = [...general, ...rest];
    replace(failure, lines.map((line) => h("p", { dir: "auto" }, line)));
    failure.hidden = lines.length === 0;
    rows.find((row) => row.control.getAttribute("aria-invalid") === "true")?.control.focus();
  }

  /** @param {Event} event */
  async function send(event) {
    event.preventDefault();
    if (submitButton.getAttribute("aria-disabled") === "true") return;
    showError(undefined);
    // What is hidden does not apply, and nobody could enter it.
    const missing = rows.filter(({ field, control }) => field.required && !control.value && !control.closest("[hidden]"));
    for (const row of missing) row.showReasons([`Enter ${row.field.label.toLowerCase()}.`]);
    if (missing.length > 0) return missing[0].control.focus();
    // Disabled for screen readers and clicks, but not so that it loses the focus.
    submitButton.setAttribute("aria-disabled", "true");
    tellSending(true);
    try {
      await save(values());
    } catch (error) {
      showError(error);
    } finally {
      submitButton.removeAttribute("aria-disabled");
      tellSending(false);
    }
  }

  /** For the dialog that it is in. @param {boolean} isSending */
  function tellSending(isSending) {
    element.dispatchEvent(new CustomEvent("sending", { detail: isSending, bubbles: true }));
  }

  return {
    element,
    values,
    showError,
    /** The control of a field. @param {string} name */
    control: (name) => rows.find((row) => row.field.name === name)?.control,
  };
}

/** @param {Field} field */
function row(field) {
  const id = uniqueId("field");
  const hint = field.hint ? h("p", { class: "hint", id: `${id}-hint` }, field.hint) : null;
  const reasons = h("p", { class: "reasons", id: `${id}-reasons`, hidden: true });
  const control = controlOf(field, id);
  const describe = (/** @type {boolean} */ isInvalid) => {
    const ids = [isInvalid && reasons.id, hint?.id].filter(Boolean).join(" ");
    if (ids) control.setAttribute("aria-describedby", ids);
    else control.removeAttribute("aria-describedby");
    control.setAttribute("aria-invalid", String(isInvalid));
  };
  describe(false);
  // What is changed has to be sent before anything is known of it.
  control.addEventListener("input", () => showReasons([]));
  /** @param {string[]} texts */
  const showReasons = (texts) => {
    replace(reasons, texts.join(" "));
    reasons.hidden = texts.length === 0;
    describe(texts.length > 0);
  };
  const optional = !field.required && field.type !== "checkbox" && field.type !== "select" && h("span", { class: "quiet" }, " (optional)");
  const label = h("label", { htmlFor: id }, field.label, optional);
  const content = field.type === "checkbox" ? [h("div", { class: "checkbox" }, control, label), hint] : [label, hint, control];
  return {
    field,
    control,
    element: h("div", { class: "field" }, ...content, reasons),
    showReasons,
  };
}

/**
 * @param {Field} field
 * @param {string} id
 * @returns {Control}
 */
function controlOf({ name, type = "text", value, required, options = [], attributes }, id) {
  const all = { id, name, "aria-required": required ? "true" : null, dir: type === "text" || type === "textarea" ? "auto" : null, ...attributes };
  if (type === "select") {
    return h("select", all, ...options.map((option) => h("option", { value: option.value, selected: option.value === value }, option.label)));
  }
  if (type === "textarea") return h("textarea", { rows: 3, ...all, value: value ?? "" });
  if (type === "checkbox") return h("input", { ...all, type, checked: Boolean(value) });
  return h("input", { ...all, type, value: value ?? "" });
}

/**
 * @param {Field} field
 * @param {Control} control
 */
function read(field, control) {
  if (control instanceof HTMLInputElement && field.type === "checkbox") return control.checked;
  if (control.value === "") return field.keepEmpty ? "" : undefined;
  return field.type === "number" ? Number(control.value) : control.value;
}
