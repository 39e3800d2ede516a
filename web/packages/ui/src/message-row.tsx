import type { Channel, Message, Pending, WireMedia } from "@vestibule/client";
import type { ComponentChildren } from "preact";
import { FileCard, Tombstone } from "./file-card";
import { formatTime } from "./format";
import { useAfter } from "./hooks";
import * as icons from "./icons";
import { linked } from "./linked";
import { Avatar, Button, Icon, IconButton, type MenuItem } from "./parts";
import type { Grouping, Row } from "./rows";
import { HeldCard, RefusedCard, UploadCard } from "./upload-card";
import { useUi } from "./ui";

/** What may be done with a message, offered beside it on hover and focus. */
export type MessageAction = MenuItem & { icon: string };

export interface RowOptions {
  channel: Channel;
  /** Opens the file chooser, for "Choose another". */
  choose: () => void;
  actionsFor?: ((message: Message) => MessageAction[]) | undefined;
  /** Pictures that are covered until one asks for them. */
  isShielded?: ((message: Message) => boolean) | undefined;
  nameOf?: ((message: Message) => string) | undefined;
  /** Whose messages stand on one's own side, with a name; left out: only one's own. */
  isOurs?: ((message: Message) => boolean) | undefined;
  /** Opens what is known of a file that was held or refused; left out: there is nothing to open. */
  details?: ((media: WireMedia) => void) | undefined;
  /** The last of one's own that the others have read: the quiet word stands there, once. */
  lastRead?: Message | undefined;
}

export function RowOf({ row, options }: { row: Row; options: RowOptions }) {
  const { texts } = useUi();
  switch (row.kind) {
    case "message":
      return <MessageRow row={row} options={options} />;
    case "pending":
      return <PendingRow row={row} channel={options.channel} />;
    case "upload":
      return (
        <Line isMine {...row}>
          <UploadCard upload={row.upload} choose={options.choose} />
        </Line>
      );
    case "notAccepted":
      return <NotAccepted row={row} options={options} />;
    case "removed":
      return (
        <div class="v-line v-line-note">
          <Tombstone>{row.isFile ? texts.removedFile : texts.removedMessages(row.count)}</Tombstone>
        </div>
      );
    default:
      return null;
  }
}

interface LineProps extends Grouping {
  isMine: boolean;
  avatar?: ComponentChildren;
  children: ComponentChildren;
}

function Line({ isMine, startsGroup, endsGroup, avatar, children }: LineProps) {
  const classes = ["v-line", isMine ? "v-mine" : "v-theirs", startsGroup && "v-starts", endsGroup && "v-ends"];
  return (
    <div class={classes.filter(Boolean).join(" ")}>
      {!isMine && <span class="v-line-avatar">{avatar}</span>}
      <div class="v-line-content">{children}</div>
    </div>
  );
}

function MessageRow({ row, options }: { row: Extract<Row, { kind: "message" }>; options: RowOptions }) {
  const ui = useUi();
  const { message, startsGroup, endsGroup } = row;
  const name = options.nameOf?.(message) ?? options.channel.nameOf(message.author);
  const actions = options.actionsFor?.(message) ?? [];
  const isRead = message === options.lastRead;
  return (
    <Line isMine={message.isFromMe || (options.isOurs?.(message) ?? false)} startsGroup={startsGroup} endsGroup={endsGroup} avatar={startsGroup && <Avatar name={name} size={28} />}>
      {startsGroup && <span class={message.isFromMe ? "v-hidden" : "v-author"}>{message.isFromMe ? ui.texts.you : name}</span>}
      <span class="v-bubble-line">
        <MessageBubble message={message} isShielded={options.isShielded?.(message) ?? false} />
        {actions.length > 0 && <RowActions actions={actions} />}
      </span>
      <span class={endsGroup || isRead ? "v-meta" : "v-meta v-meta-hover"}>
        <time dateTime={message.dateCreated.toISOString()}>{formatTime(message.dateCreated, ui.locale)}</time>
        {message.lastUpdatedBy !== null && ` · ${ui.texts.edited}`}
        {isRead && ` · ${ui.texts.read}`}
      </span>
    </Line>
  );
}

function RowActions({ actions }: { actions: MessageAction[] }) {
  return (
    <span class="v-row-actions">
      {actions.map(({ label, icon, run, isDangerous }) => (
        <IconButton key={label} icon={icon} label={label} onClick={run} class={isDangerous ? "v-dangerous" : ""} />
      ))}
    </span>
  );
}

/** What was said: text, or a file with its words. */
export function MessageBubble({ message, isShielded = false }: { message: Message; isShielded?: boolean }) {
  const isBare = message.media && !message.body;
  const words = message.body && <span class="v-words" dir="auto">{linked(message.body)}</span>;
  return (
    <div class={isBare ? "v-bubble v-bare" : "v-bubble"}>
      {message.media && <FileCard message={message} isShielded={isShielded} />}
      {words}
    </div>
  );
}

function PendingRow({ row, channel }: { row: Extract<Row, { kind: "pending" }>; channel: Channel }) {
  const { pending } = row;
  return (
    <Line isMine startsGroup={row.startsGroup} endsGroup={row.endsGroup}>
      <div class={`v-bubble v-pending v-pending-${pending.state}`}>
        <span class="v-words" dir="auto">{linked(pending.body)}</span>
      </div>
      <PendingState pending={pending} channel={channel} />
    </Line>
  );
}

function PendingState({ pending, channel }: { pending: Pending; channel: Channel }) {
  const ui = useUi();
  const { texts } = ui;
  const isLong = useAfter(pending.state !== "failed", 1_000);
  if (pending.state === "failed") {
    return (
      <span class="v-meta v-refused-text">
        <Icon path={icons.warning} size={14} />
        {texts.notSent}. {pending.error && ui.sentence(pending.error)}
        <Button kind="quiet" onClick={() => channel.retry(pending.key)}>{texts.retry}</Button>
        <Button kind="quiet" onClick={() => channel.discard(pending.key)}>{texts.discard}</Button>
      </span>
    );
  }
  const isOffline = channel.client.connectionState !== "connected";
  return <span class="v-meta">{isOffline ? texts.waiting : isLong ? texts.sending : "\u00a0"}</span>;
}

function NotAccepted({ row, options }: { row: Extract<Row, { kind: "notAccepted" }>; options: RowOptions }) {
  const { texts } = useUi();
  const { media, refusal } = row.told;
  const isHeld = media.state === "held";
  if (!row.isMine) {
    return (
      <div class="v-line v-line-note">
        <p class={`v-note ${isHeld ? "v-held-text" : "v-refused-text"}`}>
          <Icon path={isHeld ? icons.clock : icons.shield} size={16} />
          <span>
            {refusal.to_others || (isHeld ? texts.fileHeldOther : texts.fileRefusedOther)}{" "}
            {options.details && (
              <button type="button" class="v-link" onClick={() => options.details?.(media)}>
                {isHeld ? texts.look : texts.details}
              </button>
            )}
          </span>
        </p>
      </div>
    );
  }
  return (
    <Line isMine startsGroup endsGroup>
      {isHeld ? (
        <HeldCard name={media.filename} />
      ) : (
        <RefusedCard name={media.filename} why={refusal.to_sender} advice={refusal.advice} choose={options.choose} dismiss={() => options.channel.dismissRefusal(media.sid)} />
      )}
    </Line>
  );
}
