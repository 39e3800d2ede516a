// The desk's own actions, beside those on chats and tasks that `flex` has. Names that Flex UI 1.x has,
// it had for the same thing.

import type { Message } from "@vestibule/client";
import { registerTaskActions, type Actions } from "@vestibule/flex";
import type { Desk, Overlay } from "./desk";
import type { Theme } from "./settings";

interface ComponentState {
  name: "CommandPalette" | "Shortcuts" | "MessageMenu";
  state: { isOpen: boolean; message?: Message };
}

const OVERLAYS: Record<ComponentState["name"], Overlay> = { CommandPalette: "palette", Shortcuts: "shortcuts", MessageMenu: "message" };

export function registerDeskActions(actions: Actions, desk: Desk): void {
  const { settings } = desk.door;
  registerTaskActions(actions, desk.tasks, (sid) => void desk.showTask(sid));
  actions.registerAction("OpenChat", ({ channelSid }: { channelSid: string }) => openChat(desk, channelSid));
  actions.registerAction("ToggleSidebar", ({ open }: { open?: boolean } = {}) => desk.showPanel(open ?? !desk.isPanelOpen));
  actions.registerAction("SetComponentState", (payload: ComponentState) => setComponentState(desk, payload));
  actions.registerAction("ShowDirectory", () => desk.showOverlay("transfer"));
  actions.registerAction("HideDirectory", () => desk.showOverlay(null));
  actions.registerAction("SetTheme", ({ theme }: { theme: Theme }) => void (settings.theme = theme));
  actions.registerAction("SetSound", ({ isOn }: { isOn: boolean }) => void (settings.hasSound = isOn));
  actions.registerAction("SetSingleKeys", ({ isOn }: { isOn: boolean }) => void (settings.singleKeys = isOn));
  actions.registerAction("ToggleOthers", ({ open }: { open?: boolean } = {}) => void (settings.showsOthers = open ?? !settings.showsOthers));
  actions.registerAction("CopyText", ({ text }: { text: string }) => copy(text));
  actions.registerAction("Logout", () => desk.door.signOut());
}

function setComponentState(desk: Desk, { name, state }: ComponentState): void {
  desk.menuOf = state.message ?? null;
  desk.showOverlay(state.isOpen ? OVERLAYS[name] : null);
}

function openChat(desk: Desk, channelSid: string): Promise<void> {
  const current = desk.selection?.channelSid ?? null;
  if (channelSid !== current) desk.cameFrom = channelSid === desk.cameFrom ? null : (desk.cameFrom ?? current);
  return desk.show(channelSid);
}

// Where the page came by plain http from another machine, browsers have no clipboard of their own.
async function copy(text: string): Promise<void> {
  if (isSecureContext) return navigator.clipboard.writeText(text);
  const field = Object.assign(document.createElement("textarea"), { value: text, readOnly: true, className: "v-hidden" });
  document.body.append(field);
  field.select();
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- there is nothing else there
  document.execCommand("copy");
  field.remove();
}
