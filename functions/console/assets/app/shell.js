/**
 * What stands around every page: landmarks, navigation, who is signed in, and what is wrong with the connection.
 */

import { api } from "../api/client.js";
import { session } from "../api/session.js";
import { announce, liveRegion, toastRegion } from "../ui/announce.js";
import { h, replace } from "../ui/dom.js";
import { loading } from "../ui/states.js";
import { signIn, signInAgain } from "../pages/sign-in.js";
import { accountMenu, brand, themeButton } from "./header.js";
import { connectionBanner } from "./connection-banner.js";
import { navigation } from "./navigation.js";
import { Outlet } from "./outlet.js";
import { START } from "./pages.js";
import { href } from "./router.js";

/** Aborted when nobody is signed in any more. */
let signedIn = new AbortController();

export function start() {
  session.addEventListener("change", () => {
    // An address has what was looked at and asked.
    if (!session.isSignedIn) history.replaceState(null, "", href(START));
    show();
  });
  session.addEventListener("expired", (event) => {
    if (!(event instanceof CustomEvent)) return;
    event.preventDefault();
    signInAgain().then(event.detail);
  });
  show();
}

function show() {
  signedIn.abort();
  signedIn = new AbortController();
  for (const dialog of document.querySelectorAll("dialog")) dialog.close();
  for (const region of [toastRegion, liveRegion]) region.replaceChildren();
  // The page that the address names is shown once somebody has signed in.
  const { signal } = signedIn;
  const outside = () => [connectionBanner(signal), signIn(), toastRegion, liveRegion];
  document.body.replaceChildren(...(session.isSignedIn ? shell(signal) : outside()));
  if (!session.isSignedIn) document.title = "Sign in · claribi";
}

/** @param {AbortSignal} signal */
function shell(signal) {
  const main = h("main", { id: "main", tabindex: "-1" });
  const skip = h("a", { class: "skip-link", href: "#main", on: { click: (event) => (event.preventDefault(), main.focus()) } }, "Skip to content");
  const account = h("div", { class: "account" });
  const header = h("header", { class: "app-header" }, brand(), account, themeButton(signal));
  const nav = navigation(signal);

  const opening = loading("Opening claribi", signal, async () => {
    const { data } = await api.get("/api/auth/status/", { signal });
    replace(account, accountMenu(data));
    new Outlet(main, data, signal).open();
    return [];
  });
  main.append(opening);
  announce("Signed in");
  return [skip, header, nav, h("div", { class: "content" }, connectionBanner(signal), main), toastRegion, liveRegion];
}
