/**
 * Picking a question together: what is asked at the side, what it comes to beside it. The editor of widgets, and of Explore.
 */

import { h } from "../ui/dom.js";
import { code } from "./code.js";
import { part } from "./draft.js";
import { fits, needsOf, WIDGET_TYPES } from "./language.js";
import { more } from "./more.js";
import { dimensions, filters, measures, time } from "./parts.js";
import { preview } from "./preview.js";
import { sourcePicker } from "./source.js";
import { appearance } from "./appearance.js";

/** @typedef {import("./draft.js").QueryDraft} QueryDraft */

/**
 * @param {QueryDraft} draft
 * @param {AbortSignal} signal
 * @param {import("../ui/dom.js").Children} [above]  What stands above the preview.
 */
export function queryEditor(draft, signal, above) {
  const source = h("div", { class: "card parts" }, sourcePicker(draft, signal));
  const question = h("div", { class: "card parts" }, measures(draft), dimensions(draft), filters(draft, signal), time(draft), more(draft), appearance(draft));
  const answer = h("div", { class: "answer" }, above, typePicker(draft), preview(draft, signal), code(draft));
  return h("div", { class: "query-editor" }, h("div", { class: "asking" }, source, question), answer);
}

/** The types of widgets: those that fit what is picked, and those that fit best. @param {QueryDraft} draft */
function typePicker(draft) {
  return part(draft, () => {
    const suggested = draft.isAsked ? draft.suggestions.slice(0, 2) : [];
    const buttons = WIDGET_TYPES.map((type) => {
      const { value, label } = type;
      const isPossible = fits(value, draft.query);
      const isSuggested = suggested.includes(value);
      const attributes = {
        type: "button",
        class: isSuggested && "suggested",
        "aria-pressed": String(isPossible && draft.type === value),
        "aria-disabled": isPossible ? null : "true",
        title: isPossible ? (isSuggested ? "Suggested for what is picked" : label) : `Needs: ${needsOf(type)}`,
        data: { key: `type ${value}` },
        on: { click: () => isPossible && draft.look({ type: value }) },
      };
      return h("button", attributes, label, isSuggested && h("span", { class: "visually-hidden" }, " (suggested)"));
    });
    return h("div", { class: "segments types", role: "group", "aria-label": "Type of chart" }, ...buttons);
  });
}
