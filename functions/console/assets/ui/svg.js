/**
 * Pictures of the API, as elements of the page: the one place where a text becomes markup.
 *
 * The API escapes what clients wrote. That it is only drawing is made sure of here as well: elements and attributes that do not draw
 * are left out, so nothing in a picture can run, load or link.
 */

const SVG = "http://www.w3.org/2000/svg";

const ELEMENTS = new Set([
  "svg", "g", "title", "desc", "defs", "clipPath", "linearGradient", "radialGradient", "stop", "pattern", "rect", "circle", "ellipse", "line",
  "path", "polygon", "polyline", "text", "tspan",
]);

/** What an attribute may not begin with, or hold: handlers, links, styles, and references but to the picture's own parts. */
const FORBIDDEN_NAME = /^(on|href$|xlink|style$|src)/i;
const FORBIDDEN_VALUE = /url\((?!['"]?#)|javascript:/i;

// Trusted Types: this policy is the only one that the page's Content-Security-Policy lets be made.
const policy = window.trustedTypes?.createPolicy("chart", { createHTML: (text) => text });

/**
 * @param {string} text
 * @returns {SVGSVGElement}
 */
export function parseSvg(text) {
  const trusted = /** @type {string} */ (policy ? policy.createHTML(text) : text);
  const parsed = new DOMParser().parseFromString(trusted, "image/svg+xml").documentElement;
  if (parsed.namespaceURI !== SVG || parsed.localName !== "svg") throw new Error("The picture is not one.");
  return /** @type {SVGSVGElement} */ (drawing(parsed));
}

/**
 * A copy of what draws.
 * @param {Element} element
 */
function drawing(element) {
  const copy = document.createElementNS(SVG, element.localName);
  for (const { name, value, namespaceURI } of element.attributes) {
    if (namespaceURI === null && name !== "xmlns" && !FORBIDDEN_NAME.test(name) && !FORBIDDEN_VALUE.test(value)) copy.setAttribute(name, value);
  }
  for (const child of element.childNodes) {
    if (child instanceof Text) copy.append(child.data);
    else if (child instanceof Element && child.namespaceURI === SVG && ELEMENTS.has(child.localName)) copy.append(drawing(child));
  }
  return copy;
}

/** How near to the edge a text may come. */
const MARGIN = 4;

/**
 * Narrows texts that leave the picture. The API measures with its own font, and a browser that does not have it takes another, which may
 * be wider. To be called once the picture is on the page.
 * @param {SVGSVGElement} svg
 */
export function fitTexts(svg) {
  const { width } = svg.viewBox.baseVal;
  for (const text of svg.querySelectorAll("text")) {
    const box = text.getBBox();
    const room = Math.min(box.width + Math.min(box.x - MARGIN, 0), width - MARGIN - box.x);
    if (box.width === 0 || box.width <= room || room <= 0) continue;
    text.setAttribute("textLength", String(room));
    text.setAttribute("lengthAdjust", "spacingAndGlyphs");
  }
}
