/**
 * The top of every page.
 */

import { announce } from "../ui/announce.js";
import { iconButton } from "../ui/button.js";
import { h, text } from "../ui/dom.js";
import { icon } from "../ui/icon.js";
import { mark } from "../ui/mark.js";
import { theme } from "../ui/theme.js";
import { START } from "./pages.js";
import { href } from "./router.js";
import { signOut } from "./sign-out.js";

export function brand() {
  return h("a", { class: "brand", href: href(START), "aria-label": "claribi, to the dashboards" }, mark(), h("span", null, "claribi"));
}

/** @type {Record<import("../ui/theme.js").ThemeChoice, { icon: import("../ui/icon.js").IconName, next: import("../ui/theme.js").ThemeChoice }>} */
const THEMES = {
  system: { icon: "system", next: "light" },
  light: { icon: "sun", next: "dark" },
  dark: { icon: "moon", next: "system" },
};

/** Goes through the themes. @param {AbortSignal} signal */
export function themeButton(signal) {
  const label = () => `Theme: ${theme.choice}`;
  const control = iconButton(label(), {
    icon: THEMES[theme.choice].icon,
    run: () => {
      theme.choice = THEMES[theme.choice].next;
      announce(label());
    },
  });
  // It can be chosen in the settings, too.
  const show = () => {
    control.replaceChildren(icon(THEMES[theme.choice].icon));
    control.title = label();
    control.setAttribute("aria-label", label());
  };
  theme.addEventListener("change", show, { signal });
  return control;
}

/** Who is signed in, for which organization, and the way out. @param {Api.Schemas["Account"]} account */
export function accountMenu({ user, organization }) {
  const name = `${user.first_name} ${user.last_name}`.trim() || user.email;
  const who = h("div", { class: "who" }, text(name, "name"), text(organization.name, "quiet"));
  return [who, iconButton("Sign out", { icon: "signOut", run: signOut })];
}
