import type { Media, Message } from "@vestibule/client";
import { useRef, useState } from "preact/hooks";
import { formatDuration } from "./format";
import * as icons from "./icons";
import { FileName, IconButton } from "./parts";
import { useUi } from "./ui";

/** Plays in place. The bytes are asked for when one presses play, not before. */
export function AudioPlayer({ message, media }: { message: Message; media: Media }) {
  const { texts, actions } = useUi();
  const audio = useRef<HTMLAudioElement>(null);
  const [url, setUrl] = useState<string | null>(null);
  const [isPlaying, setPlaying] = useState(false);
  const [at, setAt] = useState(0);
  const length = media.duration ?? (audio.current?.duration || 0);
  const toggle = async () => {
    if (url) return void (isPlaying ? audio.current?.pause() : audio.current?.play());
    const fresh: unknown = await actions.tryInvokeAction("DownloadMedia", { message, purpose: "play" });
    if (typeof fresh === "string") setUrl(fresh);
  };
  const seek = (value: string) => {
    if (audio.current) audio.current.currentTime = Number(value);
    setAt(Number(value));
  };
  return (
    <span class="v-file v-audio">
      <IconButton class="v-audio-button" icon={isPlaying ? icons.pause : icons.play} label={isPlaying ? texts.pause : texts.play(media.filename)} onClick={() => void toggle()} />
      <span class="v-audio-middle">
        <FileName name={media.filename} />
        <input type="range" min="0" max={length || 1} step="0.1" value={at} disabled={!url} aria-label={texts.position} onInput={(event) => seek(event.currentTarget.value)} />
      </span>
      <span class="v-audio-time">{formatDuration(isPlaying || at ? at : length)}</span>
      {url && (
        <audio ref={audio} src={url} autoplay onPlay={() => setPlaying(true)} onPause={() => setPlaying(false)} onEnded={() => setAt(0)} onTimeUpdate={(event) => setAt(event.currentTarget.currentTime)} />
      )}
    </span>
  );
}
