/**
 * Making and changing a widget, over the dashboard that it is on.
 */

import { button } from "../ui/button.js";
import { confirm, openDialog } from "../ui/dialog.js";
import { h } from "../ui/dom.js";
import { form } from "../ui/form.js";
import { entry, labeled } from "../query/controls.js";
import { QueryDraft } from "../query/draft.js";
import { queryEditor } from "../query/editor.js";

/** @typedef {import("../query/draft.js").Question} Question */

/**
 * @param {Question | undefined} question  What is there already.
 * @param {AbortSignal} page
 * @returns {Promise<Question | undefined>}
 */
export async function editWidget(question, page) {
  const draft = new QueryDraft(question);
  const before = JSON.stringify(draft.question);
  const open = new AbortController();
  const signal = AbortSignal.any([page, open.signal]);
  const answer = await openDialog(
    question ? "Edit widget" : "New widget",
    (/** @type {(...answer: [] | [Question]) => void} */ close) => {
      const title = entry("Title", { value: question?.title, write: (text) => draft.look({ title: text }, title), attributes: { maxlength: 100 } });
      const keep = button(question ? "Apply" : "Add to the dashboard", { kind: "primary", run: () => draft.isAsked && close(draft.question) });
      const follow = () => {
        title.placeholder = draft.title;
        keep.disabled = !draft.isAsked;
      };
      draft.addEventListener("change", follow);
      follow();
      const leave = async (/** @type {Event} */ event) => {
        const isChanged = JSON.stringify(draft.question) !== before && draft.isAsked;
        if (!isChanged) return;
        event.preventDefault();
        if (await confirm({ title: "Leave this widget as it was?", text: "What you have picked is lost then.", action: "Leave it" })) close();
      };
      const footer = h("footer", null, button("Cancel", { run: () => close() }), keep);
      const editor = h("div", { class: "widget-editor" }, queryEditor(draft, signal, labeled("Title", title)), footer);
      queueMicrotask(() => editor.closest("dialog")?.addEventListener("cancel", leave));
      return editor;
    },
    { isWide: true },
  );
  open.abort();
  return answer;
}

/**
 * A text is written, and asks nothing.
 * @param {Question | undefined} question
 * @returns {Promise<Question | undefined>}
 */
export function editText(question) {
  return openDialog(question ? "Edit text" : "New text", (/** @type {(...answer: [] | [Question]) => void} */ close) => {
    const save = async (/** @type {{ title: string, text?: string }} */ { title, text = "" }) =>
      close({ title, type: "text", data_source: null, query: {}, options: { ...question?.options, text } });
    const { element } = form({
      fields: [
        { name: "title", label: "Title", value: question?.title ?? "", required: true, attributes: { maxlength: 100 } },
        { name: "text", label: "Text", type: "textarea", value: question?.options.text ?? "", hint: "# makes a heading, - a list, **bold** words.", attributes: { maxlength: 4000, rows: 8 } },
      ],
      submit: question ? "Apply" : "Add to the dashboard",
      save,
      cancel: () => close(),
    });
    return element;
  });
}
