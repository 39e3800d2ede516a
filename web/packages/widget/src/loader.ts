// The one script of the tag. It draws the launcher, and loads the widget when somebody means to use
// it, or when there is a chat to go on with: a page that embeds it pays three kilobytes.

import { resumeKey, type Place, type WidgetApi, type WidgetOptions } from "./options";

declare const __WIDGET__: string; // the built widget's file; empty while developing

const ARCH = "M4 17V9.5a6 6 0 0 1 12 0V17M2.5 17h15M8 17v-7a2 2 0 0 1 4 0v7";
const DOWN = "M4.5 7.5L10 13l5.5-5.5";

const CSS = `
:host{all:initial!important;position:fixed!important;z-index:2147483000!important;inset:auto 20px 20px auto!important;display:block!important;color-scheme:light dark}
:host([data-side=left]){inset:auto auto 20px 20px!important}
:host([data-theme=light]){color-scheme:light}
:host([data-theme=dark]){color-scheme:dark}
:host([hidden]){display:none!important}
.launcher{position:relative;display:grid;place-items:center;width:56px;height:56px;margin:0;padding:0;border:1px solid #0000;border-radius:50%;
background:var(--accent,light-dark(#1f7a6d,#5cc8b4));color:var(--on-accent,light-dark(#fff,#1f1d1a));cursor:pointer;
box-shadow:0 1px 3px rgb(31 29 26/20%),0 8px 24px rgb(31 29 26/22%);transition:transform .14s ease-out,box-shadow .14s ease-out;-webkit-tap-highlight-color:transparent}
.launcher:hover{transform:translateY(-2px)}
.launcher:active{transform:none}
.launcher:focus-visible{outline:3px solid var(--accent,#1f7a6d);outline-offset:3px}
.launcher svg{width:30px;height:30px;fill:none;stroke:currentColor;stroke-width:1.6;stroke-linecap:round;stroke-linejoin:round}
.launcher .down{display:none;width:26px;height:26px}
.launcher[aria-expanded=true] .down{display:block}
.launcher[aria-expanded=true] .arch{display:none}
.launcher[aria-busy=true] .arch{animation:b 1s ease-in-out infinite alternate}
@keyframes b{to{opacity:.4}}
.launcher b{position:absolute;inset:-4px -4px auto auto;min-width:22px;height:22px;padding:0 6px;box-sizing:border-box;border:2px solid #fff;border-radius:11px;
background:#b3324d;color:#fff;font:600 12px/18px system-ui,sans-serif;text-align:center}
.launcher b:empty{display:none}
@media (max-width:479px){:host{inset:auto 16px 16px auto!important}:host([data-side=left]){inset:auto auto 16px 16px!important}}
@media (prefers-reduced-motion:reduce){.launcher,.launcher *{transition:none;animation:none!important}.launcher:hover{transform:none}}
`;

function optionsOf(script: HTMLScriptElement | null): WidgetOptions {
  const { accent = "", theme = "", position = "", language = "", name = "", email = "" } = script?.dataset ?? {};
  const from = script?.src ?? new URL("/widget.js", location.href).href;
  return { origin: new URL(".", from).href.replace(/\/$/, ""), accent, theme, position, language, name, email };
}

function placeOf(options: WidgetOptions): Place {
  const host = document.createElement("vestibule-chat");
  const end = getComputedStyle(document.body).direction === "rtl" ? "left" : "right";
  Object.assign(host.dataset, { side: options.position || end, theme: options.theme });
  const shadow = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(CSS);
  shadow.adoptedStyleSheets = [sheet];
  const launcher = document.createElement("button");
  launcher.type = "button";
  launcher.className = "launcher";
  launcher.setAttribute("aria-label", "Open chat");
  launcher.setAttribute("aria-expanded", "false");
  launcher.append(picture("arch", ARCH), picture("down", DOWN), document.createElement("b"));
  shadow.append(launcher);
  if (options.accent) host.style.setProperty("--accent", options.accent);
  return { options, host, shadow, launcher };
}

function picture(name: string, path: string): SVGElement {
  const make = (tag: string) => document.createElementNS("http://www.w3.org/2000/svg", tag);
  const [svg, line] = [make("svg"), make("path")];
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("class", name);
  svg.setAttribute("aria-hidden", "true");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

function load(place: Place, nonce: string): Promise<WidgetApi> {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = __WIDGET__ ? `${place.options.origin}/${__WIDGET__}` : "/packages/widget/src/main.tsx";
    if (!__WIDGET__) script.type = "module";
    script.nonce = nonce;
    script.onload = () => (window.__vestibule ? resolve(window.__vestibule(place)) : reject(new Error("widget")));
    script.onerror = () => {
      script.remove();
      reject(new Error("widget"));
    };
    document.head.append(script);
  });
}

function hasChat(origin: string): boolean {
  try {
    return localStorage.getItem(resumeKey(origin)) !== null;
  } catch {
    return false;
  }
}

function begin(script: HTMLScriptElement | null): void {
  if (window.Vestibule) return;
  const place = placeOf(optionsOf(script));
  const { launcher, options } = place;
  let loading: Promise<WidgetApi> | null = null;
  const widget = () => (loading ??= load(place, script?.nonce ?? "").catch((error: unknown) => ((loading = null), Promise.reject(error as Error))));
  const quietly = () => void widget().catch(() => undefined);
  const call = (verb: keyof WidgetApi) => () => {
    launcher.ariaBusy = "true";
    void widget()
      .then((api) => api[verb]())
      .catch(() => undefined)
      .finally(() => (launcher.ariaBusy = "false"));
  };
  window.Vestibule = { open: call("open"), close: call("close"), toggle: call("toggle") };
  launcher.onclick = call("toggle");
  for (const event of ["pointerenter", "focus", "touchstart"]) launcher.addEventListener(event, quietly, { once: true, passive: true });
  document.body.append(place.host);
  if (hasChat(options.origin)) setTimeout(quietly, 300); // the page's own things first
}

const script = document.currentScript as HTMLScriptElement | null;
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => begin(script));
else begin(script);
