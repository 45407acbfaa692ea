/**
 * A new data source: what it comes from, then the form of that.
 */

import { api } from "../api/client.js";
import { href, navigate } from "../app/router.js";
import { ENGINES, TYPES, engineNamed } from "../data-sources/engines.js";
import { mayWrite } from "../data-sources/permissions.js";
import { sourceForm } from "../data-sources/source-form.js";
import { buttonLink } from "../ui/button.js";
import { h, replace } from "../ui/dom.js";
import { icon } from "../ui/icon.js";
import { emptyState } from "../ui/states.js";

/** @typedef {Api.Schemas["DataSourceEngine"]} EngineName */

/** @param {import("../app/pages.js").PageContext} context */
export function page({ query, signal, account, onQuery }) {
  const title = h("h1", { tabindex: "-1" });
  const content = h("div");
  const crumbs = h("nav", { "aria-label": "Breadcrumb", class: "crumbs" });
  let form = new AbortController();
  const list = h("a", { href: href("/data-sources") }, "Data sources");

  const show = (/** @type {URLSearchParams} */ asked) => {
    const engine = engineNamed(asked.get("engine"));
    // What was begun in the form before is given up with it.
    form.abort();
    form = new AbortController();
    replace(crumbs, list, engine && [" / ", h("a", { href: href("/data-sources/new") }, "New")]);
    replace(title, engine ? `New: ${ENGINES[engine].label}` : "Where is the data?");
    if (!mayWrite(account, "file")) replace(content, refused("Owners, administrators and analysts may add data sources."));
    else if (!engine) replace(content, choices(account));
    else if (!mayWrite(account, ENGINES[engine].type)) replace(content, refused(`As ${account.user.role} you may add files. Owners and administrators may add the others.`));
    else replace(content, h("div", { class: "card form-card" }, create(engine, AbortSignal.any([signal, form.signal]))));
  };
  show(query);
  onQuery((query) => {
    show(query);
    title.focus();
  });
  return h("div", null, h("header", { class: "page-header" }, h("div", null, crumbs, title)), content);
}

/** @param {EngineName} engine @param {AbortSignal} signal */
function create(engine, signal) {
  return sourceForm({
    engine,
    submit: "Add data source",
    cancel: () => navigate(href("/data-sources/new")),
    save: async ({ name = "", description = "", connection }) => {
      const body = { name, description, status: /** @type {const} */ ("active"), type: ENGINES[engine].type, engine, connection };
      const { data } = await api.post("/api/data-sources/", { body, signal });
      navigate(href(`/data-sources/${data.id}`));
    },
  });
}

/** @param {Api.Schemas["Account"]} account */
function choices(account) {
  return Object.entries(TYPES).map(([type, { label, icon: name }]) => {
    const isAllowed = mayWrite(account, /** @type {Api.Schemas["DataSourceType"]} */ (type));
    const engines = Object.entries(ENGINES).filter(([, engine]) => engine.type === type);
    const cards = engines.map(([engine, { label, about }]) =>
      h("li", { class: `card choice ${isAllowed ? "" : "refused"}` }, icon(name), h("h3", null, isAllowed ? h("a", { href: href("/data-sources/new", { engine }), class: "stretched" }, label) : label), h("p", { class: "quiet small" }, about)),
    );
    const note = !isAllowed && h("p", { class: "quiet small" }, "Owners and administrators may add these.");
    return h("section", { class: "choice-group" }, h("h2", null, label), note, h("ul", { class: "cards" }, ...cards));
  });
}

/** @param {string} words */
function refused(words) {
  const back = buttonLink("To the data sources", { href: href("/data-sources") });
  return emptyState({ icon: "database", title: "Not with your role", text: words, action: back });
}
