import type { Message, WireMedia } from "@vestibule/client";
import { Dialog, Icon, icons, useChanges, type MessageAction } from "@vestibule/ui";
import type { Desk } from "./desk";
import { useDesk } from "./hooks";

/** What may be done with a message: copy, look up its file, delete. */
export function messageActions(desk: Desk, message: Message): MessageAction[] {
  const { texts } = desk.door;
  const actions: MessageAction[] = [];
  if (message.body) actions.push({ label: texts.copy, icon: icons.copy, run: () => void copy(desk, message) });
  const { media } = message;
  if (media && desk.may("reviewMedia")) actions.push({ label: desk.door.ui.texts.details, icon: icons.info, run: () => openDetails(desk, media.wire) });
  const mayDelete = desk.may("deleteAnyMessage") || message.isFromMe;
  if (mayDelete) actions.push({ label: texts.deleteMessage, icon: icons.trash, isDangerous: true, run: () => void remove(desk, message) });
  return actions;
}

/** Where there is no hovering, one button a message, and the rest on a sheet. */
export function openMenu(desk: Desk, message: Message): MessageAction {
  const { texts, ui } = desk.door;
  const run = () => void ui.do("SetComponentState", { name: "MessageMenu", state: { isOpen: true, message } });
  return { label: texts.more, icon: icons.dots, run };
}

export function openDetails(desk: Desk, media: WireMedia): void {
  void desk.door.ui.do("SetComponentState", { name: "FileDetails", state: { isOpen: true, media } });
}

export function MessageMenu({ message }: { message: Message }) {
  const desk = useDesk();
  const { texts, ui } = desk.door;
  useChanges(message.channel);
  const close = () => void ui.do("SetComponentState", { name: "MessageMenu", state: { isOpen: false } });
  const choose = (action: MessageAction) => {
    close();
    requestAnimationFrame(() => action.run());
  };
  return (
    <Dialog label={texts.more} class="d-sheet" onClose={close}>
      {messageActions(desk, message).map((action) => (
        <button type="button" key={action.label} class={action.isDangerous ? "d-warns" : ""} onClick={() => choose(action)}>
          <Icon path={action.icon} />
          {action.label}
        </button>
      ))}
      <button type="button" onClick={close}>
        <Icon path={icons.close} />
        {ui.texts.cancel}
      </button>
    </Dialog>
  );
}

async function copy(desk: Desk, message: Message): Promise<void> {
  const { ui, notifications } = desk.door;
  if (await ui.do("CopyText", { text: message.body })) notifications.show("Copied", {}, { lasts: 2_500 });
}

const EXCERPT = 90; // characters

// Asks once, and names what is lost.
async function remove(desk: Desk, message: Message): Promise<void> {
  const { texts, ui } = desk.door;
  const { media, body } = message;
  const excerpt = body.length > EXCERPT ? `${body.slice(0, EXCERPT).trimEnd()}…` : body;
  const title = media ? texts.deleteFileTitle : texts.deleteTitle;
  const text = media ? texts.deleteFile(media.filename) : texts.deleteText(excerpt);
  if (!(await ui.confirm({ title, text, action: texts.deleteMessage, isDangerous: true }))) return;
  await ui.do("DeleteMessage", { message });
}
