import type { StepKind, WireMedia, WireTimeline } from "@vestibule/client";
import { Button, Dialog, FileName, Icon, IconButton, formatDay, formatSize, formatTime, icons } from "@vestibule/ui";
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Desk } from "./desk";
import { useDesk } from "./hooks";
import { momentsOf, REVIEW, type Moment, type Mood } from "./moments";
import { Review } from "./review";

const SIGNS: Record<Mood, string> = { clean: icons.check, held: icons.clock, refused: icons.shield, neutral: icons.dots };
const STEP_SIGNS: Partial<Record<StepKind, string>> = { received: icons.inbox, sent: icons.send, recalled: icons.retry, gone: icons.trash };
const STATES: Record<string, Mood> = { clean: "clean", held: "held", refused: "refused", recalled: "refused" };
const AGAIN = 1_500; // ms between two looks at a file that is being checked

/** The whole way of one file, in a drawer over the desk. */
export function FileDetails({ wire }: { wire: WireMedia }) {
  const desk = useDesk();
  const { texts, ui, actions } = desk.door;
  const [timeline, error, again] = useTimeline(desk, wire.sid);
  const close = () => void actions.tryInvokeAction("SetComponentState", { name: "FileDetails", state: { isOpen: false } });
  return (
    <Dialog label={texts.way.title} class="d-drawer d-file" onClose={close}>
      <header class="d-head">
        <h2 class="d-team">{texts.way.title}</h2>
        <IconButton icon={icons.close} label={ui.texts.close} onClick={close} />
      </header>
      <div class="d-customer-body" aria-busy={!timeline && !error} tabIndex={-1}>
        <About timeline={timeline} wire={timeline?.media ?? wire} />
        {error && (
          <div class="d-file-error">
            <p class="d-soft">{texts.way.notLoaded} {error}</p>
            <Button icon={icons.retry} onClick={again}>{texts.tryAgain}</Button>
          </div>
        )}
        {timeline && <Known timeline={timeline} again={again} />}
      </div>
    </Dialog>
  );
}

function About({ timeline, wire }: { timeline: WireTimeline | null; wire: WireMedia }) {
  const { texts, ui } = useDesk().door;
  const { way } = texts;
  const mood = STATES[wire.state] ?? "neutral";
  const isOther = wire.declared_type !== "" && wire.declared_type !== wire.content_type;
  const facts = [formatSize(wire.size, ui.locale), wire.content_type, isOther && way.declared(wire.declared_type)];
  return (
    <div class="d-file-about">
      <strong>{wire.filename ? <FileName name={wire.filename} /> : way.noName}</strong>
      <span class="d-soft">{facts.filter(Boolean).join(" · ")}</span>
      <span class={`d-mood d-mood-${mood}`}>
        <Icon path={SIGNS[mood]} size={16} />
        {way.states[wire.state] ?? wire.state}
      </span>
      {timeline?.refusal && <p class="d-soft">{timeline.refusal.to_others}</p>}
      {timeline && isUnscanned(timeline) && <p class="d-soft">{way.unscanned}</p>}
    </div>
  );
}

// Whoever brings signatures of their own; the house's rules alone are no virus scanner.
const SCANNERS = new Set(["antivirus", "icap", "webhook"]);

function isUnscanned({ media, verdicts }: WireTimeline): boolean {
  return media.state === "clean" && !verdicts.some(({ check }) => SCANNERS.has(check));
}

function Known({ timeline, again }: { timeline: WireTimeline; again: () => void }) {
  const { texts } = useDesk().door;
  const { media, openings = [] } = timeline;
  return (
    <>
      {media.state === "held" && <Review timeline={timeline} decided={again} />}
      {media.renditions.some(({ name }) => name === "original") && <Original media={media} />}
      <section class="d-part">
        <h3>{texts.way.title2}</h3>
        <ol class="d-way">
          {momentsOf(timeline).map((moment) => (
            <MomentRow key={moment.key} moment={moment} />
          ))}
        </ol>
      </section>
      {openings.length > 0 && <Openings openings={openings} />}
    </>
  );
}

function MomentRow({ moment }: { moment: Moment }) {
  const desk = useDesk();
  const clock = useClock();
  const { way } = desk.door.texts;
  if (moment.kind === "step") return <Row moment={moment} title={way.steps[moment.step](desk.nameOfPerson(moment.by))} isMain />;
  if (moment.kind === "awaited") return <Row moment={moment} title={way.awaited(way.checks[moment.check] ?? moment.check, clock(moment.until))} />;
  const { verdict } = moment;
  if (verdict.check === REVIEW) {
    const name = desk.nameOfPerson(verdict.version);
    return <Row moment={moment} title={verdict.outcome === "clean" ? way.released(name) : way.refusedBy(name)} detail={verdict.detail} isMain />;
  }
  const title = (
    <>
      {way.checks[verdict.check] ?? verdict.check}: <span>{way.outcomes[verdict.outcome] ?? verdict.outcome}</span>
    </>
  );
  const versions = [verdict.version, verdict.policy && way.policy(verdict.policy)].filter(Boolean).join(" · ");
  const took = verdict.milliseconds >= 1 ? way.took(verdict.milliseconds) : "";
  return <Row moment={moment} title={title} detail={verdict.detail} small={versions} took={took} />;
}

function signOf(moment: Moment): string {
  return (moment.kind === "step" && STEP_SIGNS[moment.step]) || SIGNS[moment.mood];
}

interface RowProps {
  moment: Moment;
  title: ComponentChildren;
  detail?: string;
  small?: string;
  took?: string;
  isMain?: boolean;
}

function Row({ moment, title, detail, small, took, isMain = false }: RowProps) {
  const clock = useClock();
  return (
    <li class={`d-moment d-mood-${moment.mood} ${isMain ? "d-main" : ""}`}>
      <span class="d-sign">
        <Icon path={signOf(moment)} size={16} />
      </span>
      <span class="d-moment-words">
        <b>{title}</b>
        {detail && <span dir="auto">{detail}</span>}
        {small && <small>{small}</small>}
      </span>
      <span class="d-moment-time">
        <time dateTime={moment.date}>{clock(moment.date)}</time>
        {took && <small>{took}</small>}
      </span>
    </li>
  );
}

function Openings({ openings }: { openings: NonNullable<WireTimeline["openings"]> }) {
  const desk = useDesk();
  const { way } = desk.door.texts;
  const clock = useClock();
  return (
    <section class="d-part">
      <h3>{way.openedBy}</h3>
      <ul class="d-openings">
        {openings.map(({ identity, rendition, date_last, times }) => (
          <li key={identity + rendition}>
            <Icon path={icons.eye} size={16} />
            <span>
              {desk.nameOfPerson(identity)} <small>{way.openedAs[rendition] ?? rendition}, {way.openings(times)}</small>
            </span>
            <time dateTime={date_last}>{clock(date_last)}</time>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Original({ media }: { media: WireMedia }) {
  const { texts, ui } = useDesk().door;
  return (
    <section class="d-part">
      <Button icon={icons.download} onClick={() => void ui.do("DownloadOriginal", { media })}>{texts.way.original}</Button>
      <p class="d-soft d-file-note">{texts.way.originalText}</p>
    </section>
  );
}

/** To the second on the same day, else with its day. */
function useClock(): (date: string) => string {
  const { ui } = useDesk().door;
  return (text) => {
    const date = new Date(text);
    const day = formatDay(date, ui.texts, ui.locale);
    if (day !== ui.texts.today) return `${day}, ${formatTime(date, ui.locale)}`;
    return new Intl.DateTimeFormat(ui.locale, { hour: "numeric", minute: "2-digit", second: "2-digit" }).format(date);
  };
}

/** What the server knows; asked again while the file is being checked, and by `again`. */
function useTimeline(desk: Desk, sid: string): [WireTimeline | null, string, () => void] {
  const [timeline, setTimeline] = useState<WireTimeline | null>(null);
  const [error, setError] = useState("");
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const wanted = new AbortController();
    const take = (act: () => void) => wanted.signal.aborted || act();
    desk.client.http.get<WireTimeline>(`/v1/media/${sid}/timeline`).then(
      (told) => take(() => (setTimeline(told), setError(""))),
      (failed: unknown) => take(() => setError(desk.door.ui.sentence(failed))),
    );
    return () => wanted.abort();
  }, [sid, turn]);
  const isMoving = timeline?.media.state === "checking";
  useEffect(() => {
    if (!isMoving) return undefined;
    const timer = setInterval(() => setTurn((count) => count + 1), AGAIN);
    return () => clearInterval(timer);
  }, [isMoving]);
  return [timeline, error, () => setTurn((count) => count + 1)];
}
