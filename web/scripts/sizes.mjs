// Fails when what a visitor downloads has grown by more than 5 % over its target.

import { readdir, readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";

const folder = new URL("../../src/vestibule/static/", import.meta.url);
const assets = await readdir(new URL("assets/", folder));
const weigh = (text) => gzipSync(text, { level: 9 }).length / 1024;
const read = (name) => readFile(new URL(name, folder), "utf8");
const total = async (pattern) => {
  const texts = await Promise.all(assets.filter((name) => pattern.test(name)).map((name) => read(`assets/${name}`)));
  return weigh(texts.join(""));
};

// The widget carries its CSS as a string; here it is weighed by itself as well.
const widget = await total(/^widget-.*\.js$/);
const sheets = await Promise.all(
  ["../packages/ui/src/ui.css", "../packages/widget/src/widget.css"].map((name) => readFile(new URL(name, import.meta.url), "utf8")),
);
const { transform } = await import("lightningcss");
const css = weigh(sheets.map((code) => transform({ filename: "a.css", code: Buffer.from(code), minify: true }).code.toString()).join(""));

const rows = [
  ["loader", weigh(await read("widget.js")), 3],
  ["widget (with its CSS)", widget, 45],
  ["widget's CSS", css, 6],
  ["desk", await total(/^desk-.*\.js$/), 120],
];
let isTooLarge = false;
for (const [name, size, target] of rows) {
  const isOver = size > target * 1.05;
  isTooLarge ||= isOver;
  console.log(`${name.padEnd(24)} ${size.toFixed(1).padStart(6)} KB of ${target} KB gzip${isOver ? "  TOO LARGE" : ""}`);
}
process.exit(isTooLarge ? 1 : 0);
