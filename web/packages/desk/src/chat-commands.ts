// What may be done with the chat in the middle, for its header, its menu, the palette and the keys.

import type { Member, WireTask } from "@vestibule/client";
import { icons } from "@vestibule/ui";
import type { Command } from "./commands";
import type { Desk } from "./desk";

export function chatActions(desk: Desk): Command[] {
  const { task, customer } = desk;
  if (!task) return [];
  return [...taskCommands(desk, task), ...(customer && !desk.selection?.channel?.source.isEnded ? [blockCommand(desk, task, customer)] : [])];
}

function taskCommands(desk: Desk, task: WireTask): Command[] {
  const { texts, ui } = desk.door;
  const group = texts.groupHere;
  const isMine = task.agent === desk.me;
  if (task.state === "pending" && (isMine || task.agent === null)) {
    return [{ id: "accept", label: texts.accept, group, icon: icons.check, keys: ["a"], run: () => void accept(desk, task) }];
  }
  if (!isMine) return [];
  if (task.state === "wrapping") return [{ id: "wrapUp", label: texts.complete, group, icon: icons.checkCircle, keys: ["e"], run: () => void complete(desk, task) }];
  if (task.state !== "accepted") return [];
  return [
    { id: "wrapUp", label: texts.wrapUp, group, icon: icons.checkCircle, keys: ["e"], run: () => void wrapUp(desk, task) },
    { id: "transfer", label: texts.transfer, group, icon: icons.transfer, keys: ["t"], run: () => void ui.do("ShowDirectory", {}) },
  ];
}

function blockCommand(desk: Desk, task: WireTask, customer: Member): Command {
  const { texts } = desk.door;
  const { isBlocked } = customer;
  return {
    id: "block",
    label: isBlocked ? texts.unblock : texts.block,
    group: texts.groupHere,
    icon: isBlocked ? icons.checkCircle : icons.ban,
    run: () => void (isBlocked ? unblock(desk, customer, task.customer_name) : block(desk, customer, task.customer_name)),
  };
}

async function accept(desk: Desk, task: WireTask): Promise<void> {
  if (await desk.door.ui.do("AcceptTask", { sid: task.sid })) desk.emit("reply");
}

async function wrapUp(desk: Desk, task: WireTask): Promise<void> {
  const { ui, texts, notifications } = desk.door;
  const name = task.customer_name;
  const draft = desk.chats.get(task.channel_sid);
  const isUnsent = Boolean(draft?.inputText.trim() || draft?.attachedFiles.length);
  const text = [texts.wrapUpText(name), isUnsent && texts.wrapUpDraft].filter(Boolean).join(" ");
  if (!(await ui.confirm({ title: texts.wrapUpTitle(name), text, action: texts.wrapUp, isDangerous: false }))) return;
  if (await ui.do("WrapupTask", { sid: task.sid })) notifications.show("WrappedUp", { name });
}

async function complete(desk: Desk, task: WireTask): Promise<void> {
  const { ui, notifications } = desk.door;
  if (!(await ui.do("CompleteTask", { sid: task.sid }))) return;
  notifications.show("Completed", { name: task.customer_name });
  await desk.show(null);
}

/** Asks, blocks, and offers to take it back. */
export async function block(desk: Desk, member: Member, name: string): Promise<void> {
  const { ui, texts, notifications } = desk.door;
  if (!(await ui.confirm({ title: texts.blockTitle(name), text: texts.blockText(name), action: texts.block, isDangerous: true }))) return;
  if (!(await ui.do("UpdateMember", { member, role: "blockedUser" }))) return;
  const undo = () => {
    notifications.dismiss(told);
    void ui.do("UpdateMember", { member, role: "channel user" });
  };
  const told = notifications.show("Blocked", { name }, { action: { label: texts.undo, run: undo }, lasts: 9_000 });
}

async function unblock(desk: Desk, member: Member, name: string): Promise<void> {
  const { ui, texts, notifications } = desk.door;
  if (!(await ui.confirm({ title: texts.unblockTitle(name), text: texts.unblockText(name), action: texts.unblock }))) return;
  if (await ui.do("UpdateMember", { member, role: "channel user" })) notifications.show("Unblocked", { name });
}
