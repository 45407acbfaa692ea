/**
 * Loading a part of a page again without losing the place of whoever goes through it by keys: what had the focus is another element
 * then, and has it again.
 */

/**
 * @param {HTMLElement} root
 * @param {() => Promise<void>} reload
 */
export async function keepingFocus(root, reload) {
  const focused = document.activeElement;
  const selector = focused && root.contains(focused) && selectorOf(focused);
  await reload();
  // Only if it is nowhere: the user may have gone on.
  if (!selector || document.activeElement !== document.body) return;
  const again = root.querySelector(selector);
  if (again instanceof HTMLElement) again.focus();
}

/** @param {Element} element */
function selectorOf(element) {
  for (const name of ["data-action", "href"]) {
    const value = element.getAttribute(name);
    if (value) return `[${name}="${CSS.escape(value)}"]`;
  }
  return undefined;
}
