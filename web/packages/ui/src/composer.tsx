import { attachFiles, sendInput, type AttachedFile, type ChannelState } from "@vestibule/flex";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { familyOf } from "@vestibule/client";
import { familyIcon } from "./file-card";
import { formatSize } from "./format";
import { useAfter, useChanges, useLocalPicture } from "./hooks";
import * as icons from "./icons";
import { FileName, Icon, IconButton, Ring } from "./parts";
import { useUi } from "./ui";

export interface ComposerProps {
  channel: ChannelState;
  /** Opens the file chooser. */
  choose: () => void;
  placeholder?: string;
  autofocus?: boolean;
}

/** Where one writes: grows to six lines, takes files by pick, drop and paste. Enter sends, Shift+Enter breaks. */
export function Composer({ channel, choose, placeholder, autofocus = false }: ComposerProps) {
  const { texts, actions, notifications } = useUi();
  useChanges(channel);
  const field = useRef<HTMLTextAreaElement>(null);
  useGrowing(field, channel.inputText);
  useEffect(() => {
    if (autofocus) field.current?.focus({ preventScroll: true });
  }, [channel, autofocus]);
  const canSend = channel.inputText.trim() !== "" || channel.attachedFiles.some((one) => !one.isChecking);
  const send = () => {
    if (canSend) sendInput(actions, notifications, channel);
    field.current?.focus();
  };
  const write = (body: string, start: number, end: number) =>
    void actions.tryInvokeAction("SetInputText", { channel, body, selectionStart: start, selectionEnd: end });
  return (
    <form class="v-composer" onSubmit={(event) => (event.preventDefault(), send())}>
      {channel.attachedFiles.length > 0 && <Chips channel={channel} />}
      <div class="v-composer-line">
        <IconButton icon={icons.clip} label={texts.attach} onClick={choose} />
        <textarea
          ref={field}
          rows={1}
          dir="auto"
          value={channel.inputText}
          placeholder={placeholder ?? texts.write}
          aria-label={texts.writeMessage}
          enterkeyhint="send"
          onInput={({ currentTarget: { value, selectionStart, selectionEnd } }) => write(value, selectionStart, selectionEnd)}
          onKeyDown={(event) => isSendKey(event) && (event.preventDefault(), send())}
          onPaste={(event) => pasted(event, (files) => void attachFiles(actions, notifications, channel, files))}
        />
        <IconButton class="v-send" icon={icons.send} label={texts.send} type="submit" aria-disabled={!canSend} />
      </div>
    </form>
  );
}

// While an input method composes a letter, Enter belongs to it.
function isSendKey(event: KeyboardEvent): boolean {
  return event.key === "Enter" && !event.shiftKey && !event.isComposing;
}

function pasted(event: ClipboardEvent, take: (files: File[]) => void): void {
  const files = [...(event.clipboardData?.files ?? [])];
  if (files.length === 0) return;
  event.preventDefault();
  take(files);
}

function useGrowing(field: { current: HTMLTextAreaElement | null }, text: string): void {
  useLayoutEffect(() => {
    const element = field.current;
    if (!element) return;
    element.style.height = "auto";
    element.style.height = `${element.scrollHeight + 2}px`; // with its border; six lines at most, by max-height
  }, [text]);
}

function focus(element: HTMLElement | null): void {
  element?.focus();
}

function Chips({ channel }: { channel: ChannelState }) {
  return (
    <ul class="v-chips">
      {channel.attachedFiles.map((attached) => (
        <Chip key={attached.id} attached={attached} channel={channel} />
      ))}
    </ul>
  );
}

function Chip({ attached, channel }: { attached: AttachedFile; channel: ChannelState }) {
  const { texts, actions, locale } = useUi();
  const { file, description, isChecking } = attached;
  const picture = useLocalPicture(file);
  const [isDescribing, setDescribing] = useState(false);
  const isLong = useAfter(isChecking, 300);
  return (
    <li class="v-chip" aria-label={texts.attachment(file.name)}>
      <span class="v-chip-picture">
        {picture ? <img src={picture.url} alt="" /> : <Icon path={familyIcon(familyOf(file.type, file.name))} />}
        {isLong && <Ring part={null} size={28} />}
      </span>
      <span class="v-file-words">
        <FileName name={file.name} />
        {isDescribing ? (
          <input
            class="v-chip-description"
            value={description}
            maxLength={300}
            placeholder={texts.describeHint}
            aria-label={texts.describeFor(file.name)}
            ref={focus}
            onInput={(event) => channel.describe(file, event.currentTarget.value)}
            onKeyDown={(event) => event.key === "Enter" && (event.preventDefault(), setDescribing(false))}
            onBlur={() => setDescribing(false)}
          />
        ) : (
          <small>
            {isLong ? texts.fileChecking : <bdi>{formatSize(file.size, locale)}</bdi>}
            {picture && (
              <button type="button" class="v-link" onClick={() => setDescribing(true)}>
                {description || texts.describe}
              </button>
            )}
          </small>
        )}
      </span>
      <IconButton icon={icons.close} label={texts.removeFile(file.name)} onClick={() => void actions.tryInvokeAction("DetachFile", { file, channel })} />
    </li>
  );
}
