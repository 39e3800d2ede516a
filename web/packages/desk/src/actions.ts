// The desk's own actions, beside those on chats and tasks that `flex` has. Names that Flex UI 1.x has,
// it had for the same thing.

import type { Message, WireMedia } from "@vestibule/client";
import { registerTaskActions, save, type Actions } from "@vestibule/flex";
import type { Desk, Overlay } from "./desk";
import type { Theme } from "./settings";

interface ComponentState {
  name: "CommandPalette" | "Shortcuts" | "MessageMenu" | "FileDetails";
  state: { isOpen: boolean; message?: Message; media?: WireMedia };
}

export interface ReviewMediaPayload {
  media: WireMedia;
  decision: "release" | "refuse";
  reason: string;
}

const OVERLAYS: Record<ComponentState["name"], Overlay> = { CommandPalette: "palette", Shortcuts: "shortcuts", MessageMenu: "message", FileDetails: "file" };

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
  actions.registerAction("ReviewMedia", (payload: ReviewMediaPayload) => reviewMedia(desk, payload));
  actions.registerAction("DownloadOriginal", ({ media }: { media: WireMedia }) => downloadOriginal(desk, media));
  actions.registerAction("Logout", () => desk.door.signOut());
}

function setComponentState(desk: Desk, { name, state }: ComponentState): void {
  desk.menuOf = state.message ?? null;
  desk.fileOf = state.media ?? null;
  desk.showOverlay(state.isOpen ? OVERLAYS[name] : null);
}

// One's own desk need not wait to be told.
async function reviewMedia(desk: Desk, { media, decision, reason }: ReviewMediaPayload): Promise<WireMedia> {
  const decided = await desk.client.http.post<WireMedia>(`/v1/media/${media.sid}/review`, { decision, reason });
  if (decided.state === "clean") desk.client.channel(media.channel_sid ?? "")?._cleared(decided);
  return decided;
}

async function downloadOriginal(desk: Desk, media: WireMedia): Promise<void> {
  const { http } = desk.client;
  const place = `/v1/channels/${media.channel_sid ?? ""}/media/${media.sid}`;
  const link = await http.post<{ url: string }>(`${place}/link`, { rendition: "original", disposition: "attachment" });
  save(http.url(link.url), media.filename);
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
