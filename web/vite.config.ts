import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";

// The development server: pages from source, everything else from a running Vestibule.

const server = process.env["VESTIBULE_URL"] ?? "http://127.0.0.1:8000";
const DEMO = "/packages/widget/demo.html";
const DESK = "/packages/desk/desk.html";
const LOADER = 'import("/packages/widget/src/loader.ts");';

const pages: Plugin = {
  name: "pages",
  configureServer({ middlewares }) {
    middlewares.use((request, response, next) => {
      const path = (request.url ?? "").split("?")[0] ?? "";
      if (path.endsWith("/widget.js")) return void response.setHeader("Content-Type", "text/javascript").end(LOADER);
      const page = path === "/" ? DEMO : path.endsWith("/desk") ? DESK : null;
      if (!page) return next();
      response.writeHead(302, { Location: page }).end();
    });
  },
};

export const shared = {
  resolve: {
    alias: { react: "preact/compat", "react-dom": "preact/compat", "react/jsx-runtime": "preact/jsx-runtime" },
  },
  oxc: { jsx: { runtime: "automatic" as const, importSource: "preact" } },
};

export default defineConfig({
  ...shared,
  root: fileURLToPath(new URL(".", import.meta.url)),
  appType: "mpa",
  plugins: [pages],
  define: { __WIDGET__: JSON.stringify("") },
  server: {
    proxy: {
      "/v1": { target: server, ws: true, changeOrigin: true },
      "/files": { target: server, changeOrigin: true },
      "/functions": { target: server, changeOrigin: true },
    },
  },
  test: { include: ["packages/*/test/**/*.test.{ts,tsx}"], environment: "node" },
} as Parameters<typeof defineConfig>[0]);
