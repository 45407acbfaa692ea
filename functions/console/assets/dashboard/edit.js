/**
 * Editing a dashboard in place: widgets are added, moved, resized, changed, copied and deleted in a draft, which is saved at once.
 */

import { announce, toast } from "../ui/announce.js";
import { button, iconButton } from "../ui/button.js";
import { confirm, openDialog } from "../ui/dialog.js";
import { h, replace } from "../ui/dom.js";
import { form } from "../ui/form.js";
import { emptyState } from "../ui/states.js";
import { askDetails, failed } from "./actions.js";
import { arrangeHint, handles } from "./arrange.js";
import { COLUMNS, moveTo, within } from "./layout.js";
import { save } from "./save.js";
import { asQuestion } from "./widget-card.js";
import { editText, editWidget } from "./widget-dialog.js";

/** @typedef {Api.Schemas["Widget"]} Widget */

/**
 * @param {object} options
 * @param {import("./draft.js").DashboardDraft} options.draft
 * @param {ReturnType<typeof import("./board.js").board>} options.grid
 * @param {HTMLElement} options.actions  Where the page's buttons are.
 * @param {HTMLElement} options.empty  What is shown where there is no widget.
 * @param {import("../app/pages.js").PageContext} options.context
 * @param {(content: import("./draft.js").Content) => void} options.heading
 * @param {(saved?: import("./save.js").Saved) => void} options.end
 */
export function edit({ draft, grid, actions, empty, context, heading, end }) {
  const { signal, onLeave } = context;
  const hint = arrangeHint();
  const arranged = {
    grid: grid.grid,
    positions: () => draft.positions,
    arrange: (/** @type {Map<number, import("./draft.js").Position>} */ positions) => {
      draft.arrange(positions);
      for (const [id, position] of draft.positions) grid.card(id)?.place(position);
      guard();
    },
  };

  const show = () => {
    const { widgets } = draft.content;
    grid.show(widgets, draft.saved.widgets);
    for (const widget of widgets) equip(widget);
    const add = button("Add a chart", { kind: "primary", icon: "add", run: () => addWidget(false) });
    const text = "Pick a data source and click the fields that you want to see.";
    replace(empty, widgets.length === 0 && emptyState({ icon: "dashboard", title: "Nothing on it yet", text, action: add }));
    guard();
  };

  /** Leaving with changes is asked about. */
  const guard = () => {
    const ask = async () => {
      const isLeft = await confirm({ title: "Leave without saving?", text: "Your changes to this dashboard are lost then.", action: "Leave", isDangerous: true });
      return isLeft;
    };
    onLeave(draft.isChanged ? ask : undefined);
  };

  /** Gives a card what it is edited with, once. @param {Widget} widget */
  const equip = (widget) => {
    const id = widget.id ?? 0;
    const card = grid.card(id)?.element;
    if (!card || card.querySelector(".edit-bar")) return;
    const { title } = widget;
    const { handle, corner } = handles(id, title, arranged);
    const now = () => /** @type {Widget} */ (draft.content.widgets.find((other) => other.id === id));
    const bar = h(
      "div",
      { class: "edit-bar", role: "group", "aria-label": `Edit ${title}` },
      handle,
      iconButton(`Change ${title}`, { icon: "edit", run: () => change(now()) }),
      iconButton(`Duplicate ${title}`, { icon: "duplicate", run: () => copy(now()) }),
      iconButton(`Place and size of ${title}`, { icon: "settings", run: () => placeByNumbers(now()) }),
      iconButton(`Delete ${title}`, { icon: "delete", run: () => drop(now()) }),
    );
    card.prepend(bar);
    card.append(corner);
  };

  const focusOn = (/** @type {number} */ id) => {
    const handle = grid.card(id)?.element.querySelector(".edit-bar button");
    if (handle instanceof HTMLElement) {
      handle.focus();
      handle.closest("article")?.scrollIntoView({ block: "nearest" });
    }
  };

  const addWidget = async (/** @type {boolean} */ isText) => {
    const question = await (isText ? editText(undefined) : editWidget(undefined, signal));
    if (!question || signal.aborted) return;
    const widget = draft.add(asWidget(question));
    show();
    focusOn(widget.id ?? 0);
    announce(`${question.title} added`);
  };

  const change = async (/** @type {Widget} */ widget) => {
    const question = await (widget.type === "text" ? editText(asQuestion(widget)) : editWidget(asQuestion(widget), signal));
    if (!question || signal.aborted) return;
    draft.change({ ...widget, ...asWidget(question) });
    show();
    focusOn(widget.id ?? 0);
  };

  const copy = (/** @type {Widget} */ widget) => {
    const made = draft.duplicate(widget);
    show();
    focusOn(made.id ?? 0);
    announce(`${made.title} added`);
  };

  const drop = (/** @type {Widget} */ { id = 0, title }) => {
    const restore = draft.remove(id ?? 0);
    const undo = () => {
      restore();
      show();
      focusOn(id ?? 0);
    };
    show();
    actions.querySelector("button")?.focus();
    offers.push(toast(`${title} is deleted`, { action: { label: "Undo", run: undo }, seconds: 10 }));
  };

  /** For who neither drags nor has arrow keys. @param {Widget} widget */
  const placeByNumbers = ({ id = 0, title, position }) =>
    openDialog(`Place and size of ${title}`, (close) => {
      const field = (/** @type {string} */ name, /** @type {string} */ label, /** @type {number} */ value, /** @type {number} */ max) =>
        /** @type {const} */ ({ name, label, type: "number", value, required: true, attributes: { min: 1, max } });
      const move = async (/** @type {{ column: number, row: number, width: number, height: number }} */ { column, row, width, height }) => {
        arranged.arrange(moveTo(draft.positions, id ?? 0, within({ x: column - 1, y: row - 1, width, height })));
        close();
      };
      const { x, y, width, height } = position;
      const fields = [field("column", "Column", x + 1, COLUMNS), field("row", "Row", y + 1, 10_000), field("width", "Columns wide", width, COLUMNS), field("height", "Rows high", height, 100)];
      return form({ fields, submit: "Place it", save: move, cancel: () => close() }).element;
    });

  /** To undo, for as long as the draft is there. @type {(() => void)[]} */
  const offers = [];
  const finish = (/** @type {import("./save.js").Saved | undefined} */ saved) => {
    onLeave(undefined);
    for (const close of offers) close();
    hint.remove();
    for (const element of grid.grid.querySelectorAll(".edit-bar, .corner")) element.remove();
    grid.grid.classList.remove("editing");
    end(saved);
  };

  const cancel = async () => {
    const text = "Your changes to this dashboard are lost then.";
    if (draft.isChanged && !(await confirm({ title: "Discard your changes?", text, action: "Discard", isDangerous: true }))) return;
    draft.content = { ...draft.content, ...asSaved(draft.saved) };
    heading(draft.content);
    finish(undefined);
  };

  /** What is being saved is not changed meanwhile: it would be lost when it is saved. @param {boolean} isSaving */
  const hold = (isSaving) => {
    for (const close of offers.splice(0)) close();
    const bars = grid.grid.querySelectorAll(".edit-bar");
    for (const bar of [actions, ...bars]) for (const control of bar.querySelectorAll("button")) control.disabled = isSaving && control !== saveButton;
    grid.grid.classList.toggle("saving", isSaving);
    // The focus stays on it.
    saveButton.ariaDisabled = isSaving ? "true" : null;
    saveButton.textContent = isSaving ? "Saving…" : "Save";
  };

  const keep = async () => {
    if (!draft.isChanged) return finish(undefined);
    if (saveButton.ariaDisabled) return;
    hold(true);
    const saved = await save(draft, signal).catch((error) => failed(error, signal));
    hold(false);
    if (saved) finish(saved);
  };

  const details = () =>
    askDetails("Dashboard", draft.content, "Apply", async (values) => {
      draft.content = { ...draft.content, ...values };
      heading(draft.content);
      guard();
    });

  const saveButton = button("Save", { kind: "primary", run: keep });
  replace(
    actions,
    button("Add chart", { icon: "add", run: () => addWidget(false) }),
    button("Add text", { icon: "add", run: () => addWidget(true) }),
    button("Details", { icon: "settings", run: details }),
    button("Cancel", { run: cancel }),
    saveButton,
  );
  grid.grid.classList.add("editing");
  grid.element.append(hint);
  show();
  actions.querySelector("button")?.focus();
  announce("Editing the dashboard");
}

/** @param {import("../query/draft.js").Question} question @returns {Omit<Widget, "id" | "position">} */
function asWidget({ title, type, data_source: source, query, options }) {
  return type === "text" ? { title, type, options } : { title, type, data_source: source, query, options };
}

/** @param {Api.Schemas["Dashboard"]} dashboard */
function asSaved({ name, description, status, widgets }) {
  return { name, description, status, widgets };
}
