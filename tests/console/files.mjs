/** Giving the console files: by dropping them, by choosing them, and by the API for what has to be there before. */

import assert from "node:assert/strict";

/**
 * Drops files on the page, as an explorer of files does.
 * @param {import("playwright-core").Page} page
 * @param {{ name: string, text: string }[]} files
 * @param {boolean} [isLeft]  Whether they are only held over it, and taken away again.
 */
export async function drop(page, files, isLeft = false) {
  const transfer = await page.evaluateHandle((files) => {
    const transfer = new DataTransfer();
    for (const { name, text } of files) transfer.items.add(new File([text], name));
    return transfer;
  }, files);
  for (const type of isLeft ? ["dragenter", "dragover", "dragleave"] : ["dragenter", "dragover", "drop"]) {
    await page.dispatchEvent("body", type, { dataTransfer: transfer });
    if (type === "dragover") await page.getByText("Drop it to").waitFor();
  }
}

/**
 * Chooses a file with a button.
 * @param {import("playwright-core").Page} page
 * @param {string} button
 * @param {string} name
 * @param {string} text
 */
export async function choose(page, button, name, text) {
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: button, exact: true }).first().click();
  await (await chooser).setFiles({ name, mimeType: "text/csv", buffer: Buffer.from(text) });
}

/**
 * A CSV source with data in it.
 * @param {{ api: (method: string, path: string, body?: unknown) => Promise<any> }} app
 * @param {string} name
 * @param {string} text
 */
export async function imported(app, name, text) {
  const source = await app.api("POST", "/api/data-sources/", { name, type: "file", engine: "csv" });
  const { id, upload } = await app.api("POST", `/api/data-sources/${source.id}/imports/`, { size_bytes: Buffer.byteLength(text), file_name: "first.csv" });
  const { "content-length": _, ...headers } = Object.fromEntries(Object.entries(upload.headers).map(([key, value]) => [key.toLowerCase(), value]));
  assert.ok((await fetch(upload.url, { method: "PUT", headers, body: text })).ok);
  for (let status = ""; status !== "done"; ) {
    await new Promise((next) => setTimeout(next, 100));
    ({ status } = await app.api("GET", `/api/data-sources/${source.id}/imports/${id}/`));
  }
  return source;
}

/** The imports that a page shows. @param {import("playwright-core").Page} page */
export function tasks(page) {
  return page.getByRole("list", { name: "Imports" }).getByRole("listitem");
}
