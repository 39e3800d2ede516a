// The desk's page.

import { applyAccent } from "@vestibule/ui";
import "@vestibule/ui/ui.css";
import { render } from "preact";
import { App } from "./app";
import "./desk.css";
import { Door } from "./door";
import "./file-details.css";

const root = document.getElementById("desk");
if (!root) throw new Error("The page has no desk.");

const door = new Door(location.origin);
const { theme } = door.settings;
if (theme !== "system") root.dataset["theme"] = theme; // before the first picture
render(<App door={door} root={root} />, root);
void door.load().then(() => door.site.accent && applyAccent(root, door.site.accent));
