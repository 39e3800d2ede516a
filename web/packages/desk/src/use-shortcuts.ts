import { useEffect } from "preact/hooks";
import { chatActions } from "./chat-commands";
import type { Desk } from "./desk";
import { isTypingIn, shortcutOf, type ShortcutName } from "./shortcuts";

/** Listens to the keys of the table in `shortcuts.ts`. */
export function useShortcuts(desk: Desk): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return;
      const isTyping = isTypingIn(event.target);
      if (event.key === "Escape") return escape(desk, isTyping);
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step && (event.target as HTMLElement).matches(".d-row")) {
        event.preventDefault();
        return moveFocus(step);
      }
      const where = { isTyping, isModal: document.querySelector("dialog[open]") !== null, singleKeys: desk.door.settings.singleKeys };
      const name = shortcutOf(event, where);
      if (!name) return;
      event.preventDefault();
      run(desk, name);
    };
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  }, [desk]);
}

function run(desk: Desk, name: ShortcutName): void {
  const { actions } = desk.door;
  const open = (component: string) => void actions.tryInvokeAction("SetComponentState", { name: component, state: { isOpen: true } });
  if (name === "next") return moveFocus(1);
  if (name === "previous") return moveFocus(-1);
  if (name === "palette") return open("CommandPalette");
  if (name === "shortcuts") return open("Shortcuts");
  if (name === "reply") return desk.emit("reply");
  if (name === "details") return void actions.tryInvokeAction("ToggleSidebar", {});
  chatActions(desk).find((command) => command.id === name)?.run();
}

// Rows are buttons: Enter opens the one that has the focus.
function moveFocus(step: number): void {
  const rows = [...document.querySelectorAll<HTMLElement>(".d-row")];
  const focused = rows.indexOf(document.activeElement as HTMLElement);
  const from = focused >= 0 ? focused : rows.findIndex((row) => row.getAttribute("aria-current") === "true");
  const next = rows[Math.min(rows.length - 1, Math.max(0, from + step))];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

// From the composer back to the list, from the drawer back to the chat.
function escape(desk: Desk, isTyping: boolean): void {
  if (document.querySelector("dialog[open]")) return;
  if (desk.isPanelOpen) return void desk.door.actions.tryInvokeAction("ToggleSidebar", { open: false });
  if (!isTyping && document.activeElement !== document.body) return;
  const row = document.querySelector<HTMLElement>('.d-row[aria-current="true"]') ?? document.querySelector<HTMLElement>(".d-row");
  row?.focus();
}
