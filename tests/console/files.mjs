/** Giving the console files: by dropping them, by choosing them, and by the API for what has to be there before. */

import assert from "node:assert/strict";
import { crc32 } from "node:zlib";

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

/**
 * Takes away what a test made, so that lists stay short on a server that is tested again.
 * @param {{ api: (method: string, path: string) => Promise<any> }} app
 * @param {string} name  What all of their names have.
 */
export async function removeNamed(app, name) {
  for (const kind of ["file", "database", "api", "cloud"]) {
    const { results } = await app.api("GET", `/api/data-sources/?type=${kind}&page_size=100`);
    const ours = results.filter((/** @type {{ name: string }} */ source) => source.name.includes(name));
    for (const { id } of ours) await app.api("DELETE", `/api/data-sources/${id}/?force=true`);
  }
}

/** The imports that a page shows. @param {import("playwright-core").Page} page */
export function tasks(page) {
  return page.getByRole("list", { name: "Imports" }).getByRole("listitem");
}

/**
 * A spreadsheet, as small as one can be.
 * @param {Record<string, (string | number)[][]>} sheets
 */
export function spreadsheet(sheets) {
  const escape = (/** @type {string | number} */ text) => String(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  const cell = (/** @type {string | number} */ value) =>
    typeof value === "number" ? `<c><v>${value}</v></c>` : `<c t="inlineStr"><is><t>${escape(value)}</t></is></c>`;
  const names = Object.keys(sheets);
  const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
  const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  const packages = "http://schemas.openxmlformats.org/package/2006";
  const relation = (/** @type {number} */ id, /** @type {string} */ type, /** @type {string} */ target) => `<Relationship Id="r${id}" Type="${office}/${type}" Target="${target}"/>`;
  const relations = (/** @type {string[]} */ all) => `<Relationships xmlns="${packages}/relationships">${all.join("")}</Relationships>`;
  const type = "application/vnd.openxmlformats-officedocument.spreadsheetml";
  return zip({
    "[Content_Types].xml": `<Types xmlns="${packages}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="${type}.worksheet+xml"/><Override PartName="/xl/workbook.xml" ContentType="${type}.sheet.main+xml"/></Types>`,
    "_rels/.rels": relations([relation(1, "officeDocument", "xl/workbook.xml")]),
    "xl/workbook.xml": `<workbook xmlns="${main}" xmlns:r="${office}"><sheets>${names.map((name, index) => `<sheet name="${escape(name)}" sheetId="${index + 1}" r:id="r${index + 1}"/>`).join("")}</sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": relations(names.map((_, index) => relation(index + 1, "worksheet", `worksheets/sheet${index + 1}.xml`))),
    ...Object.fromEntries(
      Object.values(sheets).map((rows, index) => [
        `xl/worksheets/sheet${index + 1}.xml`,
        `<worksheet xmlns="${main}"><sheetData>${rows.map((row) => `<row>${row.map(cell).join("")}</row>`).join("")}</sheetData></worksheet>`,
      ]),
    ),
  });
}

/** Files in one, not compressed. @param {Record<string, string>} files */
function zip(files) {
  const parts = [];
  const directory = [];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const [path, data] = [Buffer.from(name), Buffer.from(text)];
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt32LE(crc32(data), 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(data.length, 18);
    common.writeUInt16LE(path.length, 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04", "latin1"), common, path, data]);
    const central = Buffer.alloc(14);
    central.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from("PK\x01\x02\x14\0", "latin1"), common, central, path]));
    parts.push(local);
    offset += local.length;
  }
  const entries = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(parts.length, 4);
  end.writeUInt16LE(parts.length, 6);
  end.writeUInt32LE(entries.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...parts, entries, Buffer.from("PK\x05\x06", "latin1"), end]);
}
