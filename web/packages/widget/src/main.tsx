// The widget's entry: the loader calls what is registered here, once.

import { applyAccent } from "@vestibule/ui";
import ui from "@vestibule/ui/ui.css?inline";
import { render } from "preact";
import { App } from "./app";
import { Engagement } from "./engagement";
import type { Place, WidgetApi } from "./options";
import css from "./widget.css?inline";

window.__vestibule = ({ options, host, shadow, launcher }: Place): WidgetApi => {
  const root = makeRoot(host, options.language);
  shadow.adoptedStyleSheets = [...shadow.adoptedStyleSheets, sheetOf(ui + css)];
  shadow.prepend(root);
  const engagement = new Engagement(options);
  const theme = options.theme || engagement.keep.get("vestibule:theme");
  if (theme === "light" || theme === "dark") root.dataset["theme"] = theme;
  const dye = () => paint([root, host], options.accent || engagement.site.accent);
  dye();
  void engagement.load().then(dye);
  render(<App engagement={engagement} root={root} launcher={launcher} />, root);
  return {
    open: () => engagement.open(true),
    close: () => engagement.open(false),
    toggle: () => void engagement.actions.tryInvokeAction("ToggleChatVisibility", {}),
  };
};

function makeRoot(host: HTMLElement, language: string): HTMLElement {
  const root = document.createElement("div");
  root.className = "v-root";
  root.lang = language || "en";
  root.dir = getComputedStyle(document.body).direction;
  host.dir = root.dir;
  return root;
}

function paint(elements: HTMLElement[], color: string): void {
  if (color) for (const element of elements) applyAccent(element, color);
}

function sheetOf(text: string): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  return sheet;
}
