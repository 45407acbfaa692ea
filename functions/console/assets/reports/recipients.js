/**
 * Who a report is mailed to: users of the organization, by their IDs. The API names no other users, so "you" is the one that can be
 * added here; whoever was named by other means stays, and can be taken out.
 */

import { h, uniqueId } from "../ui/dom.js";

/**
 * @param {number} id
 * @param {Api.Schemas["User"]} me
 */
export function recipientName(id, me) {
  return id === me.id ? `You (${me.email})` : `User ${id}`;
}

/**
 * @param {number[]} chosen
 * @param {Api.Schemas["User"]} me
 */
export function recipientFields(chosen, me) {
  const ids = [me.id, ...chosen.filter((id) => id !== me.id)];
  const rows = ids.map((id) => {
    const input = h("input", { id: uniqueId("recipient"), type: "checkbox", checked: chosen.includes(id) });
    return { id, input, element: h("div", { class: "checkbox" }, input, h("label", { for: input.id }, recipientName(id, me))) };
  });
  return {
    element: h(
      "fieldset",
      { class: "field-group" },
      h("legend", null, "Mail"),
      ...rows.map(({ element }) => element),
      h("p", { class: "hint" }, "Each run of the schedule is mailed with the file attached, or with a link to it where it is large."),
    ),
    value: () => rows.flatMap(({ id, input }) => (input.checked ? id : [])),
  };
}
