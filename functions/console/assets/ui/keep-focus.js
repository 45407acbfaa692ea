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
  const selectors = focused && root.contains(focused) ? selectorsOf(focused) : [];
  await reload();
  // Only if it is nowhere: the user may have gone on.
  if (document.activeElement !== document.body) return;
  const again = selectors.map((selector) => root.querySelector(selector)).find((element) => element instanceof HTMLElement);
  if (again instanceof HTMLElement) again.focus();
}

/** What is the same by the first of these that there is. @param {Element} element */
function selectorsOf(element) {
  // Who leafs through a list goes on in the same direction, and back from its end.
  const rel = element.getAttribute("rel");
  if (rel) return [`[rel="${CSS.escape(rel)}"]`, ".pager [rel]"];
  for (const name of ["data-action", "href"]) {
    const value = element.getAttribute(name);
    if (value) return [`[${name}="${CSS.escape(value)}"]`];
  }
  return [];
}
