import { Media, type Channel, type Client, type Message, type WireMedia } from "@vestibule/client";
import { Icon, familyIcon, formatDuration, formatSize, icons, useLink, useSeen } from "@vestibule/ui";
import { useMemo, useRef, useState } from "preact/hooks";
import type { Desk } from "./desk";
import { useDesk } from "./hooks";
import { openDetails } from "./message-actions";

const FIRST = 9;

/** Everything they sent, as small pictures. */
export function FileGrid({ files }: { files: WireMedia[] }) {
  const { texts } = useDesk().door;
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? files : files.slice(0, FIRST);
  return (
    <>
      <ul class="d-grid">
        {shown.map((wire) => (
          <li key={wire.sid}>
            <Thumb wire={wire} />
          </li>
        ))}
      </ul>
      {shown.length < files.length && (
        <button type="button" class="v-link d-all" onClick={() => setWhole(true)}>
          {texts.showAllFiles(files.length)}
        </button>
      )}
    </>
  );
}

function Thumb({ wire }: { wire: WireMedia }) {
  const desk = useDesk();
  const { texts, ui } = desk.door;
  const ref = useRef<HTMLButtonElement>(null);
  const media = useMemo(() => mediaOf(desk.client, wire), [desk.client, wire]);
  const picture = wire.state === "clean" ? (["preview", "poster"] as const).find((name) => media.rendition(name)?.content_type.startsWith("image/")) : undefined;
  const link = useLink(media, picture, useSeen(ref) && picture !== undefined);
  const state = texts.fileState[wire.state];
  const duration = media.family === "video" && wire.duration !== null ? formatDuration(wire.duration) : null;
  const label = [wire.filename, duration, state ?? formatSize(wire.size, ui.locale)].filter(Boolean).join(", ");
  const isOpen = wire.state === "clean";
  const hasDetails = !isOpen && desk.may("reviewMedia");
  return (
    <button type="button" ref={ref} class={`d-thumb d-thumb-${state ? wire.state : media.family}`} aria-label={label} title={label} aria-disabled={!isOpen && !hasDetails} onClick={() => (isOpen ? void open(desk, wire) : hasDetails && openDetails(desk, wire))}>
      {link.url && !link.hasFailed ? (
        <img src={link.url} alt="" onError={link.renew} />
      ) : (
        <span class="d-thumb-icon">
          <Icon path={wire.state === "refused" ? icons.shield : wire.state === "held" ? icons.clock : familyIcon(media.family)} />
          <small>{endingOf(wire.filename)}</small>
        </span>
      )}
      {duration && <span class="v-pill">{duration}</span>}
    </button>
  );
}

// In the chat where it was sent; the gallery goes on from there.
async function open(desk: Desk, wire: WireMedia): Promise<void> {
  const { ui } = desk.door;
  const message = wire.channel_sid ? await messageOf(desk.client, wire.channel_sid, wire.sid).catch(() => null) : null;
  if (!message) return;
  const isPicture = message.media?.family === "image" || message.media?.family === "pdf";
  await ui.do("DownloadMedia", { message, purpose: isPicture ? "view" : "save" });
}

async function messageOf(client: Client, channelSid: string, mediaSid: string): Promise<Message | null> {
  const channel = await client.getChannelBySid(channelSid);
  const find = () => channel.messages.find((message) => message.media?.sid === mediaSid) ?? null;
  while (!find() && channel.hasEarlier) await channel.loadEarlier();
  return find();
}

// A file asks its channel for nothing but the way to the server.
function mediaOf(client: Client, wire: WireMedia): Media {
  return new Media({ client, sid: wire.channel_sid ?? "" } as unknown as Channel, wire);
}

function endingOf(name: string): string {
  const dot = name.lastIndexOf(".");
  return dot > 0 ? name.slice(dot + 1, dot + 6).toUpperCase() : "";
}
