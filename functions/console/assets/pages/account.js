/**
 * Settings > Account: who is signed in, for which organization, and how this browser shows it.
 */

import { api } from "../api/client.js";
import { signOut } from "../app/sign-out.js";
import { announce } from "../ui/announce.js";
import { button } from "../ui/button.js";
import { h, text } from "../ui/dom.js";
import { facts } from "../ui/facts.js";
import { number } from "../ui/format.js";
import { loading } from "../ui/states.js";
import { theme } from "../ui/theme.js";
import { settingsPage } from "../settings/layout.js";

/** What a role is, in a sentence. @type {Record<Api.Schemas["Role"], string>} */
const ROLES = {
  owner: "May do everything, and pays the bill.",
  administrator: "May do everything but pay the bill and hand the organization on.",
  analyst: "Makes dashboards and reports, and brings files in.",
  member: "Asks questions and makes reports.",
  viewer: "Looks at dashboards and reports.",
};

/** @type {{ value: import("../ui/theme.js").ThemeChoice, label: string }[]} */
const THEMES = [
  { value: "system", label: "As the system" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
];

/** @param {import("../app/pages.js").PageContext} context */
export function page({ account, signal }) {
  // Asked again: a role, a plan and credits change while a page is open.
  const who = loading("Loading your account", signal, async () => {
    const { data } = await api.get("/api/auth/status/", { signal });
    return [you(data.user), organization(data.organization)];
  });
  return settingsPage({ path: "/settings", account, about: "Who you are here, and how it looks." }, who, appearance(signal), leave());
}

/** @param {Api.Schemas["User"]} user */
function you({ first_name: first, last_name: last, email, role, id }) {
  const name = `${first} ${last}`.trim();
  return section("You", [
    facts([
      ["Name", name ? text(name) : "–"],
      ["Email", text(email)],
      ["Role", [h("strong", null, capitalized(role)), h("span", { class: "quiet block" }, ROLES[role])]],
      ["User ID", String(id)],
    ]),
  ]);
}

/** @param {Api.Schemas["Organization"]} organization */
function organization({ name, plan, ai_credits_remaining: credits, id }) {
  return section("Organization", [
    facts([
      ["Name", text(name)],
      ["Plan", capitalized(plan)],
      ["AI credits left", number(credits)],
      ["Organization ID", String(id)],
    ]),
  ]);
}

/** @param {AbortSignal} signal */
function appearance(signal) {
  const choices = THEMES.map(({ value, label }) => {
    const choose = () => {
      theme.choice = value;
      announce(`Theme: ${label}`);
    };
    return { value, element: h("button", { type: "button", on: { click: choose } }, label) };
  });
  const show = () => {
    for (const { value, element } of choices) element.setAttribute("aria-pressed", String(value === theme.choice));
  };
  show();
  theme.addEventListener("change", show, { signal });
  const group = h("div", { class: "segments", role: "group", "aria-label": "Theme" }, ...choices.map(({ element }) => element));
  return section("Appearance", [h("p", { class: "quiet" }, "The theme is kept in this browser."), group]);
}

function leave() {
  const about = "Signing out forgets the tokens of this tab. API keys go on working.";
  return section("Session", [h("p", { class: "quiet" }, about), button("Sign out", { icon: "signOut", run: signOut })]);
}

/** @param {string} heading @param {import("../ui/dom.js").Children} content */
function section(heading, content) {
  return h("section", { class: "card stack", "aria-label": heading }, h("h2", null, heading), content);
}

/** @param {string} word */
function capitalized(word) {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
