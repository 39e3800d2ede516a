import { Media, type Channel, type WireMedia, type WireTimeline } from "@vestibule/client";
import { Button, Icon, icons, useLink } from "@vestibule/ui";
import { useMemo, useRef, useState } from "preact/hooks";
import type { ReviewMediaPayload } from "./actions";
import { useDesk } from "./hooks";
import { holdsOf } from "./moments";

type Decision = ReviewMediaPayload["decision"];

/** Deciding about a held file. */
export function Review({ timeline, decided }: { timeline: WireTimeline; decided: () => void }) {
  const desk = useDesk();
  const { way } = desk.door.texts;
  const { media } = timeline;
  if (media.author === desk.me) return <p class="d-review d-soft">{way.ownFile}</p>;
  return (
    <section class="d-review" aria-label={way.reviewTitle}>
      <h3>{way.reviewTitle}</h3>
      <ul class="d-holds">
        {holdsOf(timeline).map(({ check, outcome, detail }) => (
          <li key={check}>
            <Icon path={icons.clock} size={16} />
            <span>
              <b>{way.checks[check] ?? check}</b> {way.outcomes[outcome] ?? outcome}
              {detail && <>: <span dir="auto">{detail}</span></>}
            </span>
          </li>
        ))}
      </ul>
      <Picture media={media} />
      <p class="d-soft">{way.reviewText}</p>
      <Form media={media} decided={decided} />
    </section>
  );
}

function Form({ media, decided }: { media: WireMedia; decided: () => void }) {
  const { texts, ui } = useDesk().door;
  const { way } = texts;
  const field = useRef<HTMLTextAreaElement>(null);
  const [reason, setReason] = useState("");
  const [isMissing, setMissing] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const decide = async (decision: Decision) => {
    setMissing(!reason.trim());
    if (!reason.trim()) return field.current?.focus();
    const question = { title: way.refuseTitle, text: way.refuseText(media.filename), action: way.refuse, isDangerous: true };
    if (decision === "refuse" && !(await ui.confirm(question))) return;
    setBusy(true);
    await told(decision);
    setBusy(false);
    decided();
  };
  const told = useTold(media, reason);
  return (
    <form class="d-form" onSubmit={(event) => (event.preventDefault(), void decide("release"))}>
      <label class="v-field">
        <span>{way.reason}</span>
        <textarea
          ref={field}
          rows={2}
          maxLength={500}
          placeholder={way.reasonHint}
          value={reason}
          aria-invalid={isMissing}
          aria-describedby="d-reason-error"
          onInput={({ currentTarget }) => (setReason(currentTarget.value), setMissing(false))}
        />
      </label>
      <p class="v-error" id="d-reason-error" role="alert">{isMissing && way.reasonMissing}</p>
      <div class="v-buttons">
        <Button kind="primary" type="submit" icon={icons.check} disabled={isBusy}>{way.release}</Button>
        <Button icon={icons.ban} class="d-warns" disabled={isBusy} onClick={() => void decide("refuse")}>{way.refuse}</Button>
      </div>
    </form>
  );
}

/** Decides, and says what came of it: a check may still have refused. */
function useTold(media: WireMedia, reason: string): (decision: Decision) => Promise<void> {
  const { texts, ui, actions, notifications } = useDesk().door;
  return async (decision) => {
    try {
      const now = (await actions.invokeAction("ReviewMedia", { media, decision, reason: reason.trim() })) as WireMedia;
      if (now.state === "held") return void notifications.show("ActionFailed", { message: texts.way.stillHeld });
      const code = decision === "refuse" ? "MediaRefused" : now.state === "refused" ? "MediaNotReleased" : "MediaReleased";
      notifications.show(code, { fileName: media.filename });
    } catch (error) {
      notifications.show("ActionFailed", { message: ui.sentence(error) }, { kind: "error" });
    }
  };
}

/** What we drew of it ourselves, covered until one asks: nobody has to see what a machine was not sure about. */
function Picture({ media }: { media: WireMedia }) {
  const desk = useDesk();
  const { way } = desk.door.texts;
  const name = (["preview", "poster"] as const).find((one) => media.renditions.some((copy) => copy.name === one));
  const [isShown, setShown] = useState(false);
  const file = useMemo(() => new Media({ client: desk.client, sid: media.channel_sid ?? "" } as unknown as Channel, media), [media.sid]);
  const link = useLink(file, name, name !== undefined && isShown);
  if (!name || link.hasFailed) return null;
  return (
    <div class="d-peek">
      {isShown && link.url && <img src={link.url} alt={way.picture} onError={link.renew} />}
      <Button icon={isShown ? icons.eyeOff : icons.eye} onClick={() => setShown(!isShown)}>{isShown ? way.hidePicture : way.showPicture}</Button>
    </div>
  );
}
