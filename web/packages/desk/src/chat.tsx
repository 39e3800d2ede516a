import type { WireTask } from "@vestibule/client";
import type { ChannelState } from "@vestibule/flex";
import { Avatar, Banner, Button, Conversation, EmptyState, IconButton, Menu, formatDay, formatTime, icons, useChanges } from "@vestibule/ui";
import { useEffect, useRef } from "preact/hooks";
import { chatActions } from "./chat-commands";
import type { Desk, Selection } from "./desk";
import { useDesk, useMedia, useNow } from "./hooks";
import { messageActions, openDetails, openMenu } from "./message-actions";
import * as pictures from "./pictures";
import { formatWait } from "./texts";

/** The middle column. */
export function Chat({ selection }: { selection: Selection }) {
  const desk = useDesk();
  const { texts } = desk.door;
  if (selection.channel) return <Opened channel={selection.channel} />;
  return (
    <main class="d-chat" aria-busy={!selection.error}>
      <header class="d-head">
        <Back />
      </header>
      {selection.error && (
        <div class="d-nothing">
          <EmptyState icon={icons.warning} title={texts.notOpened}>
            {selection.error}
          </EmptyState>
          <Button onClick={() => void desk.door.actions.tryInvokeAction("OpenChat", { channelSid: selection.channelSid })}>{texts.tryAgain}</Button>
        </div>
      )}
    </main>
  );
}

function Opened({ channel }: { channel: ChannelState }) {
  const desk = useDesk();
  const { texts } = desk.door;
  useChanges(desk.tasks);
  useChanges(channel);
  const ref = useRef<HTMLElement>(null);
  useReply(desk, ref);
  const { task, customer } = desk;
  const isMine = task?.agent === desk.me && task.state === "accepted";
  const name = task?.customer_name ?? channel.source.friendlyName;
  const isWide = useMedia("(min-width: 720px)");
  const hasHover = useMedia("(hover: hover)");
  if (channel.source.isRemoved) return <Gone />;
  return (
    <main class="d-chat" ref={ref} aria-label={name}>
      <Head channel={channel} name={name} task={task} />
      {customer?.isBlocked && (
        <Banner icon={icons.ban} kind="refused">
          {texts.blockedBanner(name)}
        </Banner>
      )}
      <Conversation
        channel={channel}
        density="dense"
        actionsFor={(message) => (hasHover ? messageActions(desk, message) : [openMenu(desk, message)])}
        nameOf={(message) => desk.nameOf(message)}
        isOurs={({ author }) => author !== desk.customerIdentity}
        isShown={isMine}
        details={desk.may("reviewMedia") ? (media) => openDetails(desk, media) : undefined}
        autofocus={isMine && isWide}
        placeholder={texts.writeTo(name)}
        ended={<EndedTray channel={channel} task={task} />}
        tray={isMine ? undefined : <Tray channel={channel} task={task} name={name} />}
      />
    </main>
  );
}

function Gone() {
  const { texts } = useDesk().door;
  return (
    <main class="d-chat">
      <header class="d-head">
        <Back />
      </header>
      <div class="d-nothing">
        <EmptyState icon={icons.trash} title={texts.chatGone}>
          {texts.chatGoneText}
        </EmptyState>
      </div>
    </main>
  );
}

function Head({ channel, name, task }: { channel: ChannelState; name: string; task: WireTask | null }) {
  const desk = useDesk();
  const { texts, actions } = desk.door;
  const isWide = useMedia("(min-width: 1180px)");
  const isPhone = useMedia("(max-width: 519px)");
  const Title = useMedia("(max-width: 719px)") ? "h1" : "h2"; // alone on the page, or beside the list
  const commands = chatActions(desk);
  const wrapUp = task?.state === "accepted" ? commands.find((one) => one.id === "wrapUp") : undefined; // else the tray has it
  const isPressed = desk.isPanelOpen;
  const items = commands.filter((one) => one.id === "transfer" || one.id === "block").map((one) => ({ ...one, isDangerous: one.label === texts.block }));
  return (
    <header class="d-head d-chat-head">
      <Back />
      <Avatar name={name} size={36} />
      <span class="d-chat-words">
        <Title dir="auto">{name}</Title>
        <small>
          <State channel={channel} task={task} />
        </small>
      </span>
      {wrapUp && isPhone && <IconButton icon={wrapUp.icon} label={wrapUp.label} onClick={wrapUp.run} />}
      {wrapUp && !isPhone && (
        <Button icon={wrapUp.icon} aria-keyshortcuts="e" onClick={wrapUp.run}>
          {wrapUp.label}
        </Button>
      )}
      {!isWide && (
        <IconButton icon={pictures.panel} label={isPressed ? texts.hideDetails : texts.showDetails} aria-expanded={isPressed} aria-keyshortcuts="i" onClick={() => void actions.tryInvokeAction("ToggleSidebar", {})} />
      )}
      {!isWide && items.length > 0 && <Menu label={texts.more} items={items} />}
    </header>
  );
}

function Back() {
  const { door } = useDesk();
  return <IconButton class="d-back" icon={icons.left} label={door.texts.back} onClick={() => void door.actions.tryInvokeAction("SelectTask", {})} />;
}

function State({ channel, task }: { channel: ChannelState; task: WireTask | null }) {
  const desk = useDesk();
  const { texts, ui } = desk.door;
  const now = useNow(10_000);
  const at = (date: Date) => {
    const day = formatDay(date, ui.texts, ui.locale);
    return day === ui.texts.today ? formatTime(date, ui.locale) : `${day.toLocaleLowerCase(ui.locale)}, ${formatTime(date, ui.locale)}`;
  };
  const { dateEnded, dateCreated } = channel.source;
  if (dateEnded) return <>{texts.endedAt(at(dateEnded))}</>;
  const row = desk.tasks.rows.find((one) => one.sid === task?.sid);
  if (task?.state === "pending" && row) return <>{texts.waitingSince(formatWait(now - (desk.waitingSince(row) ?? now), texts))}</>;
  if (task?.agent === desk.me && task.date_accepted) return <>{texts.withYouSince(at(new Date(task.date_accepted)))}</>;
  return <>{task?.agent ? texts.heldBy(desk.agents.nameOf(task.agent)) : texts.began(at(dateCreated))}</>;
}

/** Instead of the composer, while the chat is somebody else's or nobody's. */
function Tray({ channel, task, name }: { channel: ChannelState; task: WireTask | null; name: string }) {
  const desk = useDesk();
  const { texts } = desk.door;
  const accept = chatActions(desk).find((one) => one.id === "accept");
  const agent = task?.agent ? desk.agents.nameOf(task.agent) : null;
  const words = accept ? texts.pendingTray(name) : !agent ? texts.readTray : task?.state === "pending" ? texts.offeredTray(agent) : texts.othersTray(agent);
  return (
    <div class="v-tray d-tray" role="status">
      <p>{words}</p>
      {accept && (
        <Button kind="primary" icon={accept.icon} onClick={accept.run}>
          {accept.label}
        </Button>
      )}
      <ToCurrent channel={channel} />
    </div>
  );
}

function EndedTray({ channel, task }: { channel: ChannelState; task: WireTask | null }) {
  const desk = useDesk();
  const { texts } = desk.door;
  const complete = task?.state === "wrapping" ? chatActions(desk).find((one) => one.id === "wrapUp") : undefined;
  return (
    <div class="v-tray d-tray" role="status">
      <p>{complete ? texts.endedTrayMine : texts.endedTray}</p>
      {complete && (
        <Button kind="primary" icon={complete.icon} onClick={complete.run}>
          {complete.label}
        </Button>
      )}
      <ToCurrent channel={channel} />
    </div>
  );
}

function ToCurrent({ channel }: { channel: ChannelState }) {
  const { door, cameFrom } = useDesk();
  if (!cameFrom || cameFrom === channel.sid) return null;
  return <Button onClick={() => void door.actions.tryInvokeAction("OpenChat", { channelSid: cameFrom })}>{door.texts.backToCurrent}</Button>;
}

function useReply(desk: Desk, ref: { current: HTMLElement | null }): void {
  useEffect(
    () =>
      desk.listen("reply", () => {
        // After the composer has taken the tray's place.
        requestAnimationFrame(() => ref.current?.querySelector("textarea")?.focus());
      }),
    [desk],
  );
}

