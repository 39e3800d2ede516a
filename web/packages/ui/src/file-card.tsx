import type { Media, MediaFamily, Message } from "@vestibule/client";
import type { ComponentChildren } from "preact";
import { useRef, useState } from "preact/hooks";
import { AudioPlayer } from "./audio";
import { fit, formatDuration, formatSize } from "./format";
import { useLink, useLocalPicture, useSeen } from "./hooks";
import * as icons from "./icons";
import { FileName, Icon, IconButton } from "./parts";
import { useUi } from "./ui";

const ICONS: Record<MediaFamily, string> = {
  image: icons.image,
  pdf: icons.fileText,
  video: icons.film,
  audio: icons.music,
  text: icons.fileText,
  archive: icons.archive,
  sheet: icons.sheet,
  document: icons.fileText,
  other: icons.file,
};

export const MAX_WIDTH = 280; // px
export const MAX_HEIGHT = 320; // px

export function familyIcon(family: MediaFamily): string {
  return ICONS[family];
}

/** A file that is in the channel, as everybody sees it. */
export function FileCard({ message, isShielded = false }: { message: Message; isShielded?: boolean }) {
  const { media } = message;
  if (!media) return null;
  if (media.state !== "clean") return <Closed message={message} media={media} />;
  return (
    <>
      <Card message={message} media={media} isShielded={isShielded} />
      <Flags media={media} />
    </>
  );
}

function Card({ message, media, isShielded }: CardProps & { isShielded: boolean }) {
  if (media.family === "image") return <Picture message={message} media={media} isShielded={isShielded} />;
  if (media.family === "video") return <Video message={message} media={media} />;
  if (media.family === "audio") return <AudioPlayer message={message} media={media} />;
  if (media.family === "pdf" && media.rendition("preview")) return <Pages message={message} media={media} />;
  return <PlainFile message={message} media={media} />;
}

/** What agents should know of a file: quiet words, and for everybody else nothing. */
function Flags({ media }: { media: Media }) {
  const { texts } = useUi();
  const words = media.flags.flatMap((flag) => texts.flags[flag] ?? []);
  if (words.length === 0) return null;
  return (
    <ul class="v-flags" aria-label={texts.flagsOf(media.filename)}>
      {words.map((word) => (
        <li key={word}>{word}</li>
      ))}
    </ul>
  );
}

/** Whether a blurred file is still to be covered, and what uncovers it. One's own is never. */
export function useBlur(media: Media | null, isMine = false): [boolean, () => void] {
  const { revealed } = useUi();
  const [, again] = useState(0);
  const isBlurred = media !== null && media.isBlurred && !isMine && !revealed.has(media.sid);
  const reveal = () => {
    if (media) revealed.add(media.sid);
    again((count) => count + 1);
  };
  return [isBlurred, reveal];
}

/** What lies over a covered picture. */
export function Cover() {
  const { texts } = useUi();
  return (
    <span class="v-cover">
      <Icon path={icons.eyeOff} />
      {texts.reveal}
    </span>
  );
}

// What was sent, and cannot be opened now: it was deleted, taken back, or waits for somebody to look at it.
function Closed({ message, media }: CardProps) {
  const { texts } = useUi();
  if (media.state === "gone") return <Tombstone>{texts.removedFile}</Tombstone>;
  const { refusal } = message;
  const told = message.isFromMe ? refusal?.to_sender : refusal?.to_others;
  if (media.state === "held") return <Tombstone icon={icons.clock}>{told ?? texts.fileHeldOther}</Tombstone>;
  return <Tombstone icon={icons.shield}>{told ?? texts.fileRecalled}</Tombstone>;
}

export function Tombstone({ children, icon = icons.trash }: { children: ComponentChildren; icon?: string }) {
  return (
    <p class="v-tombstone">
      <Icon path={icon} size={16} />
      {children}
    </p>
  );
}

interface CardProps {
  message: Message;
  media: Media;
}

// The box has the picture's shape before the picture is there, so that nothing moves when it comes.
export function PictureBox({ width, height, children, class: extra = "" }: { width: number; height: number; children?: ComponentChildren; class?: string }) {
  const box = fit(width, height, MAX_WIDTH, MAX_HEIGHT);
  return (
    <span class={`v-picture ${extra}`} style={{ width: `${box.width}px`, aspectRatio: `${box.width} / ${box.height}` }}>
      {children}
    </span>
  );
}

function Picture({ message, media, isShielded }: CardProps & { isShielded: boolean }) {
  const { texts, actions } = useUi();
  const ref = useRef<HTMLButtonElement>(null);
  const [isCovered, setCovered] = useState(isShielded);
  const [isBlurred, reveal] = useBlur(media, message.isFromMe);
  const small = media.rendition("preview") ? "preview" : media.rendition("safe") ? "safe" : undefined;
  const link = useLink(media, small, useSeen(ref) && !isCovered);
  const [isThere, setThere] = useState(false);
  const own = useLocalPicture(isThere ? null : message.channel.ownFile(media.sid));
  if (link.hasFailed) return <PlainFile message={message} media={media} />;
  const open = () => {
    if (isBlurred) return reveal();
    return isCovered ? setCovered(false) : void actions.tryInvokeAction("DownloadMedia", { message, purpose: "view" });
  };
  const label = isBlurred ? texts.blurred(media.filename) : isCovered ? texts.reveal : texts.view(media.filename);
  return (
    <button type="button" ref={ref} class="v-picture-button" aria-label={label} onClick={open}>
      <PictureBox width={media.width ?? 240} height={media.height ?? 180} class={isBlurred ? "v-blurred" : isCovered ? "v-covered" : ""}>
        {(isCovered || isBlurred) && <Cover />}
        {own && <img src={own.url} alt="" />}
        {link.url && <img src={link.url} alt={altOf(message, media)} onLoad={() => setThere(true)} onError={link.renew} />}
      </PictureBox>
    </button>
  );
}

function Video({ message, media }: CardProps) {
  const { texts, actions } = useUi();
  const ref = useRef<HTMLButtonElement>(null);
  const [playing, setPlaying] = useState<string | null>(null);
  const poster = useLink(media, "poster", useSeen(ref) && Boolean(media.rendition("poster")));
  const [isBlurred, reveal] = useBlur(media, message.isFromMe);
  const play = async () => {
    if (isBlurred) return reveal();
    const url: unknown = await actions.tryInvokeAction("DownloadMedia", { message, purpose: "play" });
    if (typeof url === "string") setPlaying(url);
  };
  const shape = media.rendition("poster") ?? media;
  const [width, height] = [shape.width ?? 280, shape.height ?? 158];
  if (playing) {
    return (
      <PictureBox width={width} height={height} class="v-playing">
        <video src={playing} controls autoplay playsInline muted={media.isBlurred} />
      </PictureBox>
    );
  }
  return (
    <button type="button" ref={ref} class="v-picture-button" aria-label={isBlurred ? texts.blurred(media.filename) : withDetail(texts.play(media.filename), media.duration === null ? "" : formatDuration(media.duration))} onClick={() => void play()}>
      <PictureBox width={width} height={height} class={isBlurred ? "v-video v-blurred" : "v-video"}>
        {isBlurred && <Cover />}
        {poster.url && <img src={poster.url} alt="" onError={poster.renew} />}
        {!isBlurred && (
          <span class="v-play">
            <Icon path={icons.play} size={24} />
          </span>
        )}
        {media.duration !== null && <span class="v-pill" aria-hidden="true">{formatDuration(media.duration)}</span>}
      </PictureBox>
    </button>
  );
}

function Pages({ message, media }: CardProps) {
  const { texts, actions } = useUi();
  const ref = useRef<HTMLButtonElement>(null);
  const link = useLink(media, "preview", useSeen(ref));
  const [isBlurred, reveal] = useBlur(media, message.isFromMe);
  const view = () => (isBlurred ? reveal() : void actions.tryInvokeAction("DownloadMedia", { message, purpose: "view" }));
  const shape = media.rendition("preview");
  const [width, height] = [shape?.width ?? 210, shape?.height ?? 297];
  return (
    <span class="v-file v-pages">
      <button type="button" ref={ref} class={isBlurred ? "v-page v-blurred" : "v-page"} aria-label={isBlurred ? texts.blurred(media.filename) : withDetail(texts.view(media.filename), media.pages === null ? "" : texts.pages(media.pages))} onClick={view}>
        <span class={width > height ? "v-page-wide" : ""}>{link.url && <img src={link.url} alt="" onError={link.renew} />}</span>
        {isBlurred && <Cover />}
        {media.pages !== null && <span class="v-pill" aria-hidden="true">{texts.pages(media.pages)}</span>}
      </button>
      <FileLine message={message} media={media} />
    </span>
  );
}

function PlainFile({ message, media }: CardProps) {
  return (
    <span class="v-file">
      <FileLine message={message} media={media} />
    </span>
  );
}

export function FileLine({ message, media }: CardProps) {
  const { texts, actions, locale } = useUi();
  return (
    <span class="v-file-line">
      <span class="v-file-icon">
        <Icon path={familyIcon(media.family)} />
      </span>
      <span class="v-file-words">
        <FileName name={media.filename} />
        <small>
          <bdi>{formatSize(media.size, locale)}</bdi>
        </small>
      </span>
      <IconButton icon={icons.download} label={`${texts.download} ${media.filename}`} onClick={() => void actions.tryInvokeAction("DownloadMedia", { message })} />
    </span>
  );
}

function withDetail(label: string, detail: string): string {
  return detail ? `${label}, ${detail}` : label;
}

function altOf(message: Message, media: Media): string {
  const description = message.attributes["description"];
  return typeof description === "string" ? description : media.filename;
}
