/**
 * Settings > Usage: what the organization has used in a month, and what its plan leaves.
 */

import { api } from "../api/client.js";
import { ApiError } from "../api/error.js";
import { href, navigate } from "../app/router.js";
import { h, uniqueId } from "../ui/dom.js";
import { facts } from "../ui/facts.js";
import { bytes, date, number } from "../ui/format.js";
import { emptyState, loading } from "../ui/states.js";
import { settingsPage } from "../settings/layout.js";
import { dayBars } from "../settings/day-bars.js";
import { meter } from "../settings/meter.js";

/** @typedef {Api.Schemas["Usage"]} Usage */

const PATH = "/settings/usage";

/** The API knows the current month and the twelve before. */
const MONTHS_KNOWN = 13;

/** @param {import("../app/pages.js").PageContext} context */
export function page({ account, query, signal, onQuery }) {
  const months = knownMonths(new Date());
  let month = query.get("month") ?? "";
  const id = uniqueId("month");
  const picker = h(
    "select",
    { id, on: { change: () => navigate(href(PATH, { month: picker.value === months[0].value ? undefined : picker.value })) } },
    ...months.map(({ value, label }) => h("option", { value, selected: value === month }, label)),
  );
  const content = loading("Loading the usage", signal, async () => {
    try {
      return shown(await usage(month, signal));
    } catch (error) {
      if (error instanceof ApiError && error.status === 403) return notAllowed(error);
      throw error;
    }
  });
  onQuery((query) => {
    month = query.get("month") ?? "";
    picker.value = month || months[0].value;
    content.reload();
  });
  const action = h("div", { class: "picker" }, h("label", { for: id }, "Month"), picker);
  return settingsPage({ path: PATH, account, about: "What your organization uses, and what its plan allows.", action }, content);
}

/**
 * @param {string} month
 * @param {AbortSignal} signal
 * @returns {Promise<Usage>}
 */
async function usage(month, signal) {
  const { data } = await api.get("/api/usage/", { query: { month }, signal });
  return data;
}

/** @param {Usage} usage */
function shown({ plan, ai_credits: credits, data_sources: sources, storage_bytes: storage, users, reports, queries, days }) {
  const answered = queries.count === 0 ? "" : ` (${number(Math.round((queries.cached / queries.count) * 100))} %)`;
  return [
    h(
      "section",
      { class: "card stack", "aria-label": "Plan" },
      h("div", { class: "with-badge" }, h("h2", null, "Plan"), h("span", { class: "badge" }, plan.charAt(0).toUpperCase() + plan.slice(1))),
      h("p", { class: "quiet small" }, "As it is now, whichever month is shown below."),
      h(
        "div",
        { class: "meters" },
        meter({ label: "AI credits", ...credits, hint: `The plan's begin anew on ${date(credits.resets_at)}.` }),
        meter({ label: "Data sources", ...sources }),
        meter({ label: "Storage", ...storage, format: bytes }),
        meter({ label: "Users", ...users }),
      ),
    ),
    dayBars(days),
    h(
      "section",
      { class: "card stack", "aria-label": "In this month" },
      h("h2", null, "In this month"),
      facts([
        ["Queries answered", number(queries.count)],
        ["Of them, from kept results", `${number(queries.cached)}${answered}`],
        ["Rows read", number(queries.rows_scanned)],
        ["Bytes read", bytes(queries.bytes_scanned)],
        ["Report runs", number(reports.runs)],
      ]),
    ),
  ];
}

/** The current month and those before, in UTC as the API counts. @param {Date} now */
function knownMonths(now) {
  const format = new Intl.DateTimeFormat("en", { month: "long", year: "numeric", timeZone: "UTC" });
  return Array.from({ length: MONTHS_KNOWN }, (_, back) => {
    const first = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back, 1));
    return { value: first.toISOString().slice(0, 7), label: format.format(first) };
  });
}

/** @param {ApiError} error */
function notAllowed({ detail }) {
  return emptyState({ icon: "alert", title: "You may not see the usage", text: detail });
}
