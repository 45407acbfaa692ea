/**
 * Elements, made of names and texts. Texts become text nodes, so nothing that a client wrote is ever markup.
 *
 *     h("button", { type: "button", class: "primary", on: { click: save } }, "Save")
 *
 * `on` has listeners, `data` becomes `data-*`. A name that the element has as a property is set as that, others as attributes; `null`,
 * `undefined` and `false` leave it out.
 */

/** @typedef {Dom.Children} Children */
/** @typedef {{ on?: Record<string, (event: any) => void>, data?: Record<string, string | number>, class?: string | false,
 *   [name: string]: unknown }} Attributes */

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} name
 * @param {Attributes | null} [attributes]
 * @param {...Children} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes ?? {})) set(element, key, value);
  append(element, children);
  return element;
}

/**
 * @param {HTMLElement} element
 * @param {string} key
 * @param {any} value
 */
function set(element, key, value) {
  if (key === "on") {
    for (const [type, listener] of Object.entries(value)) element.addEventListener(type, /** @type {any} */ (listener));
  } else if (key === "data") {
    for (const [name, text] of Object.entries(value)) element.dataset[name] = String(text);
  } else if (value === null || value === undefined || value === false) {
    // Left out.
  } else if (PROPERTIES.has(key)) {
    /** @type {any} */ (element)[key] = value;
  } else {
    element.setAttribute(key, value === true ? "" : String(value));
  }
}

/** What has another meaning as a property, or none as an attribute. */
const PROPERTIES = new Set(["value", "checked", "indeterminate", "selected", "textContent", "htmlFor", "load"]);

/**
 * @param {Element} parent
 * @param {Children[]} children
 */
function append(parent, children) {
  for (const child of children) {
    if (child === null || child === undefined || child === false || child === "") continue;
    if (Array.isArray(child)) append(parent, child);
    else parent.append(child instanceof Node ? child : String(child));
  }
}

/**
 * Puts other children in.
 * @param {Element} parent
 * @param {...Children} children
 */
export function replace(parent, ...children) {
  parent.replaceChildren();
  append(parent, children);
}

/**
 * A text of a client's, whose direction is its own: Arabic in an English page.
 * @param {string} value
 * @param {string} [className]
 */
export function text(value, className) {
  return h("bdi", { class: className }, value);
}

let ids = 0;

/** An ID that nothing else on the page has. @param {string} name */
export function uniqueId(name) {
  ids += 1;
  return `${name}-${ids}`;
}
