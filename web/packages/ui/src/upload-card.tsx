import { sensitiveFlags, type Upload } from "@vestibule/client";
import { useEffect } from "preact/hooks";
import { familyIcon, PictureBox } from "./file-card";
import { formatPercent, formatSize } from "./format";
import { useAfter, useChanges, useLocalPicture } from "./hooks";
import * as icons from "./icons";
import { Button, FileName, Icon, IconButton, Ring } from "./parts";
import { useUi, type Ui } from "./ui";

const SLOW = 500_000; // bytes a second; under it the speed is worth a word

/** One's own file on its way, in the place its message will have. */
export function UploadCard({ upload, choose }: { upload: Upload; choose: () => void }) {
  const ui = useUi();
  const { texts } = ui;
  useChanges(upload);
  useSpoken(ui, upload);
  if (upload.state === "refused") {
    const { name, error } = upload;
    return <RefusedCard name={name} why={error?.message ?? texts.fileRefused} advice={error?.advice ?? ""} choose={choose} dismiss={() => upload.dismiss()} />;
  }
  if (upload.state === "asking") return <AskingCard upload={upload} />;
  return <Moving upload={upload} />;
}

function Moving({ upload }: { upload: Upload }) {
  const { texts } = useUi();
  const picture = useLocalPicture(upload.file);
  const isMoving = !["failed", "held"].includes(upload.state);
  const ring = isMoving && <Progress upload={upload} />;
  return (
    <span class={`v-upload v-upload-${upload.state}`}>
      {picture && (
        <PictureBox width={picture.width} height={picture.height} class="v-dimmed">
          <img src={picture.url} alt="" />
          {ring}
        </PictureBox>
      )}
      <span class="v-file-line">
        {!picture && <span class="v-file-icon">{ring || <Icon path={upload.state === "held" ? icons.clock : familyIcon(upload.family)} />}</span>}
        <span class="v-file-words">
          <FileName name={upload.name} />
          <State upload={upload} />
        </span>
        {upload.state === "failed" && upload.file && <IconButton icon={icons.retry} label={texts.retry} onClick={() => upload.retry()} />}
        <IconButton icon={icons.close} label={texts.cancelUpload(upload.name)} onClick={() => upload.cancel()} />
      </span>
    </span>
  );
}

function Progress({ upload }: { upload: Upload }) {
  const isMeasured = upload.state === "uploading" || upload.state === "paused" || upload.state === "queued";
  return <Ring part={isMeasured ? Math.max(0.03, upload.progress) : null} size={40} />;
}

function State({ upload }: { upload: Upload }) {
  const ui = useUi();
  const isLong = useAfter(upload.state === "checking", 500);
  const words = wordsOf(ui, upload, isLong);
  return (
    <small class={upload.state === "failed" ? "v-refused-text" : upload.state === "held" ? "v-held-text" : ""}>
      {words}
      {isLong && <i class="v-bar" />}
    </small>
  );
}

function wordsOf(ui: Ui, upload: Upload, isLong: boolean): string {
  const { texts, locale } = ui;
  const { state, rate, progress } = upload;
  if (state === "queued") return texts.fileQueued;
  if (state === "paused") return texts.filePaused;
  if (state === "held") return texts.fileHeld;
  if (state === "failed") return upload.error ? ui.sentence(upload.error) : texts.fileFailed;
  if (state === "checking" && isLong) return texts.fileChecking;
  if (state !== "uploading") return texts.fileSending;
  const speed = rate > 0 && rate < SLOW ? ` · ${texts.fileSpeed(formatSize(rate, locale))}` : "";
  return texts.fileUploading(formatPercent(progress, locale)) + speed;
}

// Screen readers hear each state once, not each percent.
function useSpoken(ui: Ui, upload: Upload): void {
  const { state, name } = upload;
  const isLong = useAfter(state === "checking", 500);
  useEffect(() => {
    const { texts } = ui;
    if (state === "refused") return ui.announce(`${texts.refused(name)}. ${upload.error?.message ?? ""} ${upload.error?.advice ?? ""}`);
    if (state === "asking") return ui.announce(texts.fileAsks(sensitiveFlags(upload.media)));
    if (state === "checking" && !isLong) return;
    if (state !== "sending" && state !== "sent") ui.announce(texts.uploadState(name, wordsOf(ui, upload, isLong)));
  }, [state, isLong]);
}

interface RefusedProps {
  name: string;
  why: string;
  advice: string;
  choose?: () => void;
  dismiss?: () => void;
}

/** A file that was not taken: what, why, and what one can do. */
export function RefusedCard({ name, why, advice, choose, dismiss }: RefusedProps) {
  const { texts } = useUi();
  return (
    <span class="v-told v-refused">
      <span class="v-told-icon">
        <Icon path={icons.shield} />
      </span>
      <span class="v-told-words">
        <strong>{why}</strong>
        <FileName name={name} />
        {advice && <span>{advice}</span>}
        <span class="v-buttons">
          {choose && <Button kind="plain" onClick={choose}>{texts.chooseAnother}</Button>}
          {dismiss && <Button kind="quiet" onClick={dismiss}>{texts.dismiss}</Button>}
        </span>
      </span>
    </span>
  );
}

/** A file of one's own in which something was found that one may not mean to send. */
function AskingCard({ upload }: { upload: Upload }) {
  const { texts } = useUi();
  return (
    <span class="v-told v-held" role="group" aria-label={texts.attachment(upload.name)}>
      <span class="v-told-icon">
        <Icon path={icons.warning} />
      </span>
      <span class="v-told-words">
        <strong>{texts.fileAsks(sensitiveFlags(upload.media))}</strong>
        <FileName name={upload.name} />
        <span class="v-buttons">
          <Button kind="plain" onClick={() => upload.cancel()}>{texts.doNotSend}</Button>
          <Button kind="quiet" onClick={() => upload.sendAnyway()}>{texts.sendAnyway}</Button>
        </span>
      </span>
    </span>
  );
}

/** A file that waits for a person. */
export function HeldCard({ name }: { name: string }) {
  const { texts } = useUi();
  return (
    <span class="v-told v-held">
      <span class="v-told-icon">
        <Icon path={icons.clock} />
      </span>
      <span class="v-told-words">
        <strong>{texts.fileHeld}</strong>
        <FileName name={name} />
      </span>
    </span>
  );
}
