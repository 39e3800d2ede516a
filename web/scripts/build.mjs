// Builds the pages, the widget and its loader into src/vestibule/static.

import { readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const web = new URL("../", import.meta.url);
const out = fileURLToPath(new URL("../src/vestibule/static/", web));
const path = (name) => fileURLToPath(new URL(name, web));
const alias = { react: "preact/compat", "react-dom": "preact/compat", "react/jsx-runtime": "preact/jsx-runtime" };

const shared = {
  configFile: false,
  logLevel: "warn",
  base: "./",
  publicDir: false,
  resolve: { alias },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
};

const output = { outDir: out, emptyOutDir: false, target: "es2022", modulePreload: { polyfill: false }, assetsInlineLimit: 0, reportCompressedSize: false };

const page = (root, name) =>
  build({ ...shared, root: path(root), build: { ...output, rolldownOptions: { input: path(`${root}/${name}`) } } });

// One classic script: it needs no CORS and runs on pages of any kind.
const script = (entry, file, define = {}) =>
  build({
    ...shared,
    root: path("packages/widget"),
    define: { "process.env.NODE_ENV": '"production"', ...define },
    build: {
      ...output,
      minify: true,
      rolldownOptions: { input: path(`packages/widget/src/${entry}`), output: { format: "iife", entryFileNames: file } },
    },
  });

const nameOf = (result) => [result].flat().flatMap((one) => one.output).find((one) => one.isEntry).fileName;

await rm(out, { recursive: true, force: true });
await page("packages/desk", "desk.html");
await page("packages/widget", "demo.html");
const widget = nameOf(await script("main.tsx", "assets/widget-[hash].js"));
await script("loader.ts", "widget.js", { __WIDGET__: JSON.stringify(widget) });
// What is bundled asks for its licence to come along.
const licence = await readFile(path("node_modules/preact/LICENSE"), "utf8");
await writeFile(`${out}assets/licenses.txt`, `Preact\n\n${licence}`);
console.log(`Built into ${out}`);
