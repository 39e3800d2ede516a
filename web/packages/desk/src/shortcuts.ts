// Which key does what: one table, and one pure function of a key press.

export type ShortcutName = "next" | "previous" | "accept" | "wrapUp" | "transfer" | "details" | "reply" | "palette" | "shortcuts";

export interface Shortcut {
  name: ShortcutName | "open" | "send" | "back";
  /** As they are shown; `Mod` is Ctrl, or Cmd on a Mac. */
  keys: string[];
}

export const SHORTCUTS: Shortcut[] = [
  { name: "next", keys: ["j"] },
  { name: "previous", keys: ["k"] },
  { name: "open", keys: ["Enter"] },
  { name: "accept", keys: ["a"] },
  { name: "reply", keys: ["r"] },
  { name: "wrapUp", keys: ["e"] },
  { name: "transfer", keys: ["t"] },
  { name: "details", keys: ["i"] },
  { name: "palette", keys: ["Mod", "K"] },
  { name: "shortcuts", keys: ["?"] },
  { name: "back", keys: ["Esc"] },
];

export interface Press {
  key: string;
  code: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  isComposing?: boolean;
}

export interface Where {
  /** The focus is in a field. */
  isTyping: boolean;
  /** A dialog is open. */
  isModal: boolean;
  /** People who speak to their computer switch keys without Ctrl off (WCAG 2.2, 2.1.4). */
  singleKeys: boolean;
}

const SINGLE: Record<string, ShortcutName> = {
  j: "next",
  k: "previous",
  a: "accept",
  r: "reply",
  e: "wrapUp",
  t: "transfer",
  i: "details",
  "?": "shortcuts",
};

export function shortcutOf(press: Press, where: Where): ShortcutName | null {
  if (where.isModal || press.isComposing || press.altKey) return null;
  const key = latin(press);
  if (press.ctrlKey || press.metaKey) return key === "k" ? "palette" : null;
  if (where.isTyping || !where.singleKeys) return null;
  return Object.hasOwn(SINGLE, key) ? (SINGLE[key] ?? null) : null;
}

// On a Greek or Arabic layout the key that is J on others does what J does.
function latin({ key, code }: Press): string {
  const lower = key.toLowerCase();
  const isLetter = /^Key[A-Z]$/.test(code);
  return isLetter && !/^[a-z]$/.test(lower) ? code.slice(3).toLowerCase() : lower;
}

export function isTypingIn(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  const isButton = target instanceof HTMLInputElement && /^(button|checkbox|radio|range|submit)$/.test(target.type);
  return (target.matches("input, textarea, select") && !isButton) || target.isContentEditable;
}
