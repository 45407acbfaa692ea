/**
 * Taking files: dropped anywhere on the page, or chosen with a button.
 */

import { h } from "../ui/dom.js";
import { icon } from "../ui/icon.js";

/**
 * Takes files that are dropped on the page, and says so while they are over it. Not while a dialog is open.
 * @param {object} options
 * @param {string} options.label  What happens to them.
 * @param {AbortSignal} options.signal  Until when.
 * @param {(files: File[]) => void} options.take
 */
export function takeDroppedFiles({ label, signal, take }) {
  const overlay = h("div", { class: "drop-overlay", hidden: true }, h("p", null, icon("upload"), label));
  let depth = 0;
  const isOurs = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes("Files") && !document.querySelector("dialog[open]");
  const listen = (/** @type {"dragenter" | "dragover" | "dragleave" | "drop"} */ type, /** @type {(event: DragEvent) => void} */ react) =>
    addEventListener(
      type,
      (event) => {
        if (!isOurs(event)) return;
        event.preventDefault();
        react(event);
        overlay.hidden = depth <= 0;
      },
      { signal },
    );
  listen("dragenter", () => (depth += 1));
  listen("dragleave", () => (depth -= 1));
  listen("dragover", (event) => {
    if (event.dataTransfer) event.dataTransfer.dropEffect = "copy";
  });
  listen("drop", (event) => {
    depth = 0;
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length > 0) take(files);
  });
  return overlay;
}

/**
 * A button that opens the browser's file chooser.
 * @param {string} label
 * @param {{ accept: string, take: (files: File[]) => void, isMultiple?: boolean, kind?: "primary" | "quiet" }} options
 */
export function fileButton(label, { accept, take, isMultiple = false, kind }) {
  const input = h("input", { type: "file", accept, multiple: isMultiple, class: "visually-hidden", tabindex: "-1", "aria-label": label });
  input.addEventListener("change", () => {
    const files = [...(input.files ?? [])];
    // The same file, mended, can be chosen again.
    input.value = "";
    if (files.length > 0) take(files);
  });
  const open = h("button", { type: "button", class: `button ${kind ?? ""}`, on: { click: () => input.click() } }, icon("upload"), label);
  input.setAttribute("aria-hidden", "true");
  return h("span", { class: "file-button" }, open, input);
}
