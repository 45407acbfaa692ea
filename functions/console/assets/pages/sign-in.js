/**
 * Signing in: as a page, and as a dialog over the page of whom the server does not know any more.
 */

import { session } from "../api/session.js";
import { button } from "../ui/button.js";
import { openDialog } from "../ui/dialog.js";
import { h } from "../ui/dom.js";
import { form } from "../ui/form.js";
import { mark } from "../ui/mark.js";

export function signIn() {
  const offered = demo();
  const { element, control } = form({ fields: fields(), submit: "Sign in", save: ({ email, password }) => session.signIn(email, password) });
  const fill = (/** @type {string} */ name, /** @type {string} */ value) => {
    const input = control(name);
    if (input) input.value = value;
  };
  const offer =
    offered &&
    h(
      "section",
      { class: "demo", "aria-labelledby": "demo-heading" },
      h("h2", { id: "demo-heading" }, "Just looking?"),
      h("p", null, "This server has a demo organization with data in it."),
      button("Sign in to the demo", {
        kind: "primary",
        run: () => {
          fill("email", offered.email);
          fill("password", offered.password);
          element.requestSubmit();
        },
      }),
    );
  const heading = h("h1", null, "Sign in to claribi");
  return h("main", { class: "sign-in" }, h("div", { class: "card" }, mark(), heading, offer, element));
}

/**
 * Asks for the password again, and leaves the page as it is: what was being written is not lost.
 * @returns {Promise<boolean>} Whether the user is back.
 */
export async function signInAgain() {
  const { email } = session;
  const isBack = await openDialog(
    "Sign in again",
    (close, signal) => [
      h("p", null, "Your session has ended. What you were doing goes on when you are back."),
      form({
        fields: fields(email),
        submit: "Sign in",
        save: async ({ password }) => {
          await session.signIn(email, password, signal);
          close(true);
        },
        cancel: () => close(false),
      }).element,
    ],
    { isRequired: true },
  );
  return isBack ?? false;
}

/**
 * @param {string} [email]  Whose password is asked for, where that is no question.
 * @returns {import("../ui/form.js").Field[]}
 */
function fields(email) {
  const readonly = email !== undefined;
  return [
    { name: "email", label: "Email", type: "email", required: true, value: email, attributes: { autocomplete: "username", readonly } },
    { name: "password", label: "Password", type: "password", required: true, attributes: { autocomplete: "current-password", autofocus: readonly } },
  ];
}

/** The account that this server lets everybody use, if it has one: its page says so (`page.rs`). */
function demo() {
  const { email, password } = /** @type {HTMLElement | null} */ (document.querySelector('meta[name="demo-sign-in"]'))?.dataset ?? {};
  return email && password ? { email, password } : undefined;
}
