export { Desk, type Selection } from "./desk";
export { Door } from "./door";
export { lastLine, patienceOf, sectionsOf, toRead, waitingSince, type Patience, type SectionName, type Sections } from "./sections";
export { SHORTCUTS, shortcutOf, type ShortcutName } from "./shortcuts";
