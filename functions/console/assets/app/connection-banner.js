/**
 * Says that the server cannot be reached, or that it asked to wait, for as long as that is so. Requests go on by themselves.
 */

import { connection } from "../api/connection.js";
import { h, replace } from "../ui/dom.js";
import { icon } from "../ui/icon.js";
import { counted } from "../ui/format.js";

/** A wait that is over sooner is not worth a word. */
const WORTH_SAYING_SECONDS = 1;

/** @param {AbortSignal} signal */
export function connectionBanner(signal) {
  const banner = h("div", { class: "banner", role: "status", hidden: true });
  let timer = 0;
  const show = () => {
    clearTimeout(timer);
    const current = connection.current;
    const seconds = current.state === "waiting" ? Math.ceil((current.until - Date.now()) / 1000) : 0;
    const isWaiting = current.state === "waiting" && seconds >= WORTH_SAYING_SECONDS;
    banner.hidden = current.state !== "offline" && !isWaiting;
    if (current.state === "offline") {
      replace(banner, icon("offline"), h("p", null, "The server cannot be reached. What was asked for is asked again as soon as it is back."));
    } else if (isWaiting) {
      // The seconds are seen only: a screen reader would say each of them.
      const rest = h("span", { "aria-hidden": "true" }, ` Going on in ${counted(seconds, "second")}.`);
      replace(banner, icon("alert"), h("p", null, "Too many requests: the server asked to wait.", rest));
      timer = window.setTimeout(show, 1000);
    }
  };
  connection.addEventListener("change", show, { signal });
  show();
  return banner;
}
