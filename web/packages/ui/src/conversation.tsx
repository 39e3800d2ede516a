import type { Client } from "@vestibule/client";
import { attachFiles } from "@vestibule/flex";
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Composer } from "./composer";
import { DropZone } from "./drop-zone";
import { useAfter, useChanges } from "./hooks";
import * as icons from "./icons";
import { MessageList, type MessageListProps } from "./message-list";
import { Banner, Button, Icon } from "./parts";
import { useUi } from "./ui";

export interface ConversationProps extends Omit<MessageListProps, "choose"> {
  /** Instead of the composer, when the chat has ended. */
  ended?: ComponentChildren;
  /** Instead of the composer, while somebody else has the chat. */
  tray?: ComponentChildren;
  placeholder?: string;
  autofocus?: boolean;
  /** Whether a person sees it now: then what comes is marked as read. */
  isShown?: boolean;
}

/** A whole conversation: connection, messages, composer; or why one cannot write. */
export function Conversation({ ended, tray, placeholder, autofocus = false, isShown = true, ...list }: ConversationProps) {
  const ui = useUi();
  const { channel } = list;
  useChanges(channel);
  useReadMark(list, isShown);
  const input = useRef<HTMLInputElement>(null);
  const choose = () => input.current?.click();
  const take = (files: File[]) => void attachFiles(ui.actions, ui.notifications, channel, files);
  const { isBlocked, isEnded } = channel.source;
  return (
    <DropZone take={take} isOpen={!isBlocked && !isEnded && !tray}>
      <div class="v-conversation">
        <ConnectionBanner client={channel.source.client} waiting={channel.source.pending.length} />
        <MessageList {...list} choose={choose} />
        {isEnded ? ended : (tray ?? (isBlocked ? <BlockedTray /> : <Composer channel={channel} choose={choose} autofocus={autofocus} {...(placeholder ? { placeholder } : {})} />))}
        <input
          ref={input}
          type="file"
          multiple
          hidden
          tabIndex={-1}
          accept={ui.rules().accept.join(",")}
          onChange={({ currentTarget }) => {
            take([...(currentTarget.files ?? [])]);
            currentTarget.value = ""; // so that the same file can be chosen again
          }}
        />
      </div>
    </DropZone>
  );
}

/** One may read, not write; said without blame. */
export function BlockedTray() {
  const { texts } = useUi();
  return (
    <div class="v-tray" role="status">
      <Icon path={icons.lock} size={18} />
      <p>{texts.blocked}</p>
    </div>
  );
}

/** Says that the connection is away, once it has been for a moment. */
export function ConnectionBanner({ client, waiting = 0 }: { client: Client; waiting?: number }) {
  const { texts } = useUi();
  const state = useConnection(client);
  const isAway = useAfter(state !== "connected" && state !== "closed", 1_500);
  if (!isAway) return null;
  return (
    <Banner icon={icons.cloudOff}>
      {waiting ? texts.offlineWaiting(waiting) : texts.offline}
      {state === "waiting" && navigator.onLine && <Button kind="quiet" onClick={() => client.socket.hurry()}>{texts.tryNow}</Button>}
    </Banner>
  );
}

export function useConnection(client: Client): Client["connectionState"] {
  const [state, setState] = useState(client.connectionState);
  useEffect(() => {
    setState(client.connectionState);
    return client.listen("connectionStateChanged", setState);
  }, [client]);
  return state;
}

function useReadMark({ channel: { source } }: { channel: MessageListProps["channel"] }, isShown: boolean): void {
  const last = source.messages.at(-1)?.index ?? -1;
  useEffect(() => {
    const mark = () => void (isShown && document.visibilityState === "visible" && source.setAllMessagesConsumed());
    mark();
    document.addEventListener("visibilitychange", mark);
    return () => document.removeEventListener("visibilitychange", mark);
  }, [source, last, isShown]);
}
