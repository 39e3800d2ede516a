import type { Message } from "@vestibule/client";
import { useEffect, useState } from "preact/hooks";
import { Cover, familyIcon, useBlur } from "./file-card";
import { formatSize } from "./format";
import { useChanges, useLink } from "./hooks";
import * as icons from "./icons";
import { Button, FileName, Icon, IconButton } from "./parts";
import { Dialog } from "./overlays";
import { useUi } from "./ui";

/** Files over the page: arrow keys move, Escape closes, pinch and double click enlarge. */
export function Gallery() {
  const ui = useUi();
  const [message, setMessage] = useState<Message | null>(null);
  useEffect(() => ui.listen("view", setMessage), [ui]);
  if (!message?.media) return null;
  return <Opened message={message} show={setMessage} />;
}

function Opened({ message, show }: { message: Message; show: (message: Message | null) => void }) {
  const { texts, actions, locale } = useUi();
  useChanges(message.channel);
  const isOpen = message.media?.state === "clean"; // not any more, once it is recalled
  useEffect(() => (isOpen ? undefined : show(null)), [isOpen]);
  const files = viewable(message);
  const place = files.findIndex((one) => one.sid === message.sid);
  const move = (step: number) => {
    const next = files[place + step];
    if (next) void actions.tryInvokeAction("DownloadMedia", { message: next, purpose: "view" });
  };
  const { media } = message;
  if (!media || !isOpen) return null;
  return (
    <Dialog label={texts.gallery} class="v-gallery" onClose={() => show(null)}>
      <div class="v-gallery-inside" onKeyDown={(event) => arrowKey(event, move)}>
        <div class="v-gallery-head">
          <span class="v-gallery-title">
            <FileName name={media.filename} />
            <small>
              {files.length > 1 && `${texts.ofTotal(place + 1, files.length)} · `}
              <bdi>{formatSize(media.size, locale)}</bdi>
              {media.pages && ` · ${texts.pages(media.pages)}`}
            </small>
          </span>
          <IconButton icon={icons.download} label={texts.download} onClick={() => void actions.tryInvokeAction("DownloadMedia", { message })} />
          <IconButton icon={icons.close} label={texts.close} onClick={() => show(null)} autofocus />
        </div>
        <Large key={media.sid} message={message} />
        {place > 0 && <IconButton class="v-gallery-step v-gallery-previous" icon={icons.left} label={texts.previous} onClick={() => move(-1)} />}
        {place < files.length - 1 && <IconButton class="v-gallery-step v-gallery-next" icon={icons.right} label={texts.next} onClick={() => move(1)} />}
      </div>
    </Dialog>
  );
}

function Large({ message }: { message: Message }) {
  const { texts, actions } = useUi();
  const [isLarge, setLarge] = useState(false);
  const media = message.media;
  const rendition = media?.family === "pdf" ? "preview" : media?.rendition("safe") ? "safe" : undefined;
  const hasPicture = media?.family === "image" || Boolean(media?.rendition("preview"));
  const link = useLink(media, rendition, hasPicture);
  const [isBlurred, reveal] = useBlur(media, message.isFromMe);
  if (!media) return null;
  if (!hasPicture || link.hasFailed) {
    return (
      <div class="v-gallery-none">
        <Icon path={familyIcon(media.family)} size={48} />
        <p>{texts.noPreview}</p>
        <Button icon={icons.download} onClick={() => void actions.tryInvokeAction("DownloadMedia", { message })}>{texts.download}</Button>
      </div>
    );
  }
  if (isBlurred) {
    return (
      <button type="button" class="v-gallery-picture v-blurred v-picture-button" aria-label={texts.blurred(media.filename)} onClick={reveal}>
        <Cover />
        {link.url && <img src={link.url} alt="" onError={link.renew} />}
      </button>
    );
  }
  const description = message.attributes["description"];
  const alt = typeof description === "string" ? description : media.filename;
  return (
    <div class={`v-gallery-picture ${isLarge ? "v-large" : ""}`} onDblClick={() => setLarge(!isLarge)}>
      {link.url && <img src={link.url} alt={alt} onError={link.renew} />}
    </div>
  );
}

function viewable(message: Message): Message[] {
  return message.channel.messages.filter(({ media }) => media?.state === "clean" && (media.family === "image" || media.family === "pdf"));
}

function arrowKey(event: KeyboardEvent, move: (step: number) => void): void {
  const isMirrored = getComputedStyle(event.currentTarget as HTMLElement).direction === "rtl";
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (step) move(isMirrored ? -step : step);
}
