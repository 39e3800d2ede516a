import type { Message } from "@vestibule/client";
import type { ChannelState } from "@vestibule/flex";
import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { formatDay } from "./format";
import { useChanges } from "./hooks";
import * as icons from "./icons";
import { RowOf, type RowOptions } from "./message-row";
import { Button } from "./parts";
import { rowsOf } from "./rows";
import { useUi } from "./ui";

export interface MessageListProps extends Omit<RowOptions, "channel" | "choose" | "lastRead"> {
  channel: ChannelState;
  choose?: () => void;
  /** Before the first message: a greeting, where the chat came from. */
  before?: ComponentChildren;
  density?: "comfortable" | "dense";
}

const NEAR = 48; // px from the end that still count as being there

/** The conversation. It stays where one reads, follows when one is at the end, and loads earlier on the way up. */
export function MessageList({ channel, choose, before, density = "comfortable", ...rest }: MessageListProps) {
  const ui = useUi();
  useChanges(channel);
  const { source } = channel;
  const box = useRef<HTMLDivElement>(null);
  const scroll = useScroll(box, channel);
  const read = source.readByOthers;
  const lastRead = source.messages.findLast((message) => message.isFromMe && message.index <= read);
  const options: RowOptions = { ...rest, channel: source, choose: choose ?? (() => undefined), lastRead };
  const rows = rowsOf(source);
  useAnnounced(channel);
  return (
    <div class={`v-list v-${density}`}>
      <div class="v-list-scroll" ref={box} tabIndex={0} role="log" aria-live="off" aria-label={ui.texts.conversation} onScroll={scroll.onScroll}>
        <div class="v-list-rows" ref={scroll.rows}>
          {source.hasEarlier && <p class="v-earlier">{ui.texts.earlier}</p>}
          {!source.hasEarlier && before}
          {rows.map((row) =>
            row.kind === "day" ? <Day key={row.key} date={row.date} /> : <RowOf key={row.key} row={row} options={options} />,
          )}
          <Activity channel={channel} />
        </div>
      </div>
      {scroll.unseen > 0 && (
        <Button class="v-jump" icon={icons.arrowDown} onClick={scroll.toEnd}>
          {ui.texts.newMessages(scroll.unseen)}
        </Button>
      )}
    </div>
  );
}

function Day({ date }: { date: Date }) {
  const { texts, locale } = useUi();
  return (
    <div class="v-day" role="separator">
      <span>{formatDay(date, texts, locale)}</span>
    </div>
  );
}

function Activity({ channel }: { channel: ChannelState }) {
  const { texts } = useUi();
  const { source } = channel;
  const names = (identities: Iterable<string>) => [...identities].map((one) => source.nameOf(one));
  const [sender] = names(source.senders.keys());
  const typers = names(source.typers);
  const words = sender ? texts.sendingFile(sender) : typers.length ? texts.typing(typers) : "";
  return (
    <div class="v-activity" aria-hidden={!words}>
      {words && (
        <>
          <span class="v-dots" aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
          {words}
        </>
      )}
    </div>
  );
}

function useScroll(box: { current: HTMLDivElement | null }, channel: ChannelState) {
  const rows = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const [unseen, setUnseen] = useState(0);
  const height = useRef(0);
  const top = useRef(0);
  const first = useRef<number | undefined>(undefined);
  const toEnd = () => {
    const element = box.current;
    if (element) element.scrollTop = element.scrollHeight;
    isAtEnd.current = true;
    setUnseen(0);
  };
  const { source } = channel;

  // Earlier messages came on top: what one reads stays where it is.
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const index = source.messages[0]?.index;
    const cameOnTop = first.current !== undefined && index !== undefined && index < first.current;
    if (cameOnTop && !isAtEnd.current) element.scrollTop += element.scrollHeight - height.current;
    first.current = index;
    height.current = element.scrollHeight;
  });

  useLayoutEffect(() => {
    toEnd();
    const follow = new ResizeObserver(() => isAtEnd.current && toEnd());
    if (rows.current) follow.observe(rows.current);
    if (box.current) follow.observe(box.current);
    return () => follow.disconnect();
  }, [channel]);

  useEffect(() => source.listen("messageAdded", (message) => (message.isFromMe ? toEnd() : isAtEnd.current || setUnseen((count) => count + 1))), [source]);
  const mine = source.pending.length + source.uploads.length;
  const had = useRef(mine);
  useLayoutEffect(() => {
    if (mine > had.current) toEnd();
    had.current = mine;
  }, [mine]);

  const onScroll = () => {
    const element = box.current;
    if (!element) return;
    const isNear = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR;
    // Only a person moves up: content that grew meanwhile must not look like that.
    if (isNear || element.scrollTop < top.current) isAtEnd.current = isNear;
    top.current = element.scrollTop;
    if (isAtEnd.current && unseen) setUnseen(0);
    height.current = element.scrollHeight;
    if (element.scrollTop < 400) void source.loadEarlier().catch(() => undefined);
  };
  return useMemo(() => ({ rows, unseen, toEnd, onScroll }), [unseen, channel]);
}

function useAnnounced(channel: ChannelState): void {
  const ui = useUi();
  useEffect(() => {
    const say = (message: Message) => {
      if (message.isFromMe) return;
      const name = channel.source.nameOf(message.author);
      ui.announce(message.media ? ui.texts.sentFile(name, message.media.filename) : ui.texts.said(name, message.body));
    };
    return channel.source.listen("messageAdded", say);
  }, [channel, ui]);
}
