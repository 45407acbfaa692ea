/**
 * Dialogs: the platform's own, which keeps the focus in and gives it back.
 */

import { button, iconButton } from "./button.js";
import { h, uniqueId } from "./dom.js";

/**
 * Opens a dialog. It closes by `close`, by Escape, and by its own button; what it was closed with is the answer, and `undefined` if
 * the user only left it.
 *
 * @template T
 * @param {string} title
 * @param {(close: (...answer: [] | [T]) => void, signal: AbortSignal) => import("./dom.js").Children} content  Its signal is aborted when
 *   the dialog closes: what is given up is not done any more.
 * @param {{ isWide?: boolean, isRequired?: boolean, isAwaited?: boolean }} [options]  `isRequired`: it cannot just be left. `isAwaited`:
 *   not while its form is sending, since the answer is seen once only.
 * @returns {Promise<T | undefined>}
 */
export function openDialog(title, content, { isWide = false, isRequired = false, isAwaited = false } = {}) {
  return new Promise((resolve) => {
    /** @type {T | undefined} */
    let answer;
    const close = (/** @type {[] | [T]} */ ...values) => {
      [answer] = values;
      dialog.close();
    };
    const open = new AbortController();
    const { signal } = open;
    let isHeld = isRequired;
    const hold = (/** @type {Event} */ event) => {
      if (!isAwaited || !(event instanceof CustomEvent)) return;
      isHeld = isRequired || event.detail;
      for (const other of dialog.querySelectorAll('button[type="button"]')) other.toggleAttribute("disabled", isHeld);
    };
    // Chromium closes at the second Escape in a row, whatever its event `cancel` is answered: so the key does not get there.
    const escape = (/** @type {KeyboardEvent} */ event) => {
      const isOnTop = [...document.querySelectorAll("dialog[open]")].at(-1) === dialog;
      if (event.key !== "Escape" || event.isComposing || event.defaultPrevented || !isOnTop) return;
      event.preventDefault();
      if (dialog.dispatchEvent(new Event("cancel", { cancelable: true }))) close();
    };
    const id = uniqueId("dialog");
    const heading = h("h2", { id }, title);
    const leave = !isRequired && iconButton("Close", { icon: "close", run: () => close() });
    const dialog = h("dialog", { class: isWide && "wide", "aria-labelledby": id }, h("header", null, heading, leave), content(close, signal));
    dialog.addEventListener("sending", hold);
    dialog.addEventListener("cancel", (event) => isHeld && event.preventDefault());
    // The focus may be nowhere: after a click on a text.
    document.addEventListener("keydown", escape, { signal });
    dialog.addEventListener("close", () => {
      open.abort();
      dialog.remove();
      resolve(answer);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

/**
 * Asks before something that cannot be undone.
 * @param {{ title: string, text: string, action: string, isDangerous?: boolean }} options
 * @returns {Promise<boolean>}
 */
export async function confirm({ title, text, action, isDangerous = false }) {
  const answer = await openDialog(title, (close) => [
    h("p", null, text),
    h(
      "footer",
      null,
      button("Cancel", { run: () => close(false) }),
      button(action, { kind: isDangerous ? "danger" : "primary", run: () => close(true) }),
    ),
  ]);
  return answer ?? false;
}

/** @typedef {{ label: string, mine: string, theirs: string }} Difference */

/**
 * Two people changed the same thing (412): shows both versions of what differs, and asks which one stays.
 * @param {string} what  What it is: "dashboard".
 * @param {Difference[]} differences
 * @returns {Promise<"mine" | "theirs" | undefined>}
 */
export function resolveConflict(what, differences) {
  return openDialog(
    `Somebody else changed this ${what}`,
    (close) => {
      const headings = ["What", "Yours", "Theirs"].map((heading) => h("th", { scope: "col" }, heading));
      const rows = differences.map(({ label, mine, theirs }) =>
        h("tr", null, h("th", { scope: "row" }, label), ...[mine, theirs].map((side) => h("td", { dir: "auto" }, side))),
      );
      return [
        h("p", null, "It was saved while you were working on it. Nothing of yours is lost yet: choose which version stays."),
        h("div", { class: "scroll" }, h("table", { class: "plain" }, h("thead", null, h("tr", null, ...headings)), h("tbody", null, ...rows))),
        h(
          "footer",
          null,
          button("Decide later", { run: () => close() }),
          button("Take theirs", { run: () => close("theirs") }),
          button("Keep mine", { kind: "primary", run: () => close("mine") }),
        ),
      ];
    },
    { isWide: true },
  );
}
