import type { WireTaskRow } from "@vestibule/client";
import { Avatar, Icon, IconButton, Menu, formatTime, icons, useChanges, useConnection, type MenuItem } from "@vestibule/ui";
import { useDesk, useMedia, useNow } from "./hooks";
import * as pictures from "./pictures";
import { lastLine, patienceOf, type SectionName, type Sections } from "./sections";
import { formatWait } from "./texts";

const TICK = 10_000; // ms

/** The left column: who waits, one's own chats, the others'. */
export function Tasks() {
  const desk = useDesk();
  const { texts, settings, actions } = desk.door;
  useChanges(desk.tasks);
  useChanges(settings);
  const { sections } = desk;
  const now = useNow(TICK);
  const fold = () => void actions.tryInvokeAction("ToggleOthers", {});
  const isPage = useMedia("(max-width: 719px)") && !desk.selection;
  return (
    <div class="d-tasks" role={isPage ? "main" : "navigation"} aria-label={texts.tasks}>
      <div class="d-head">
        <span class="d-logo">
          <Icon path={icons.arch} size={22} />
        </span>
        <h1 class="d-team">{desk.door.site.team}</h1>
        <IconButton icon={icons.search} label={texts.palette} aria-keyshortcuts="Control+K Meta+K" onClick={() => void actions.tryInvokeAction("SetComponentState", { name: "CommandPalette", state: { isOpen: true } })} />
      </div>
      <div class="d-sections" aria-busy={!desk.isLoaded}>
        {desk.isLoaded && (
          <>
            <Section name="waiting" sections={sections} now={now} />
            <Section name="mine" sections={sections} now={now} />
            <Section name="others" sections={sections} now={now} isFolded={!settings.showsOthers} fold={fold} />
          </>
        )}
      </div>
      <Account />
    </div>
  );
}

interface SectionProps {
  name: SectionName;
  sections: Sections;
  now: number;
  isFolded?: boolean;
  fold?: () => void;
}

function Section({ name, sections, now, isFolded = false, fold }: SectionProps) {
  const { texts } = useDesk().door;
  const rows = sections[name];
  const title = (
    <>
      {texts.sections[name]}
      <span class={`d-count ${name === "waiting" && rows.length ? "d-count-on" : ""}`} aria-label={texts.openChats(rows.length)}>
        {rows.length}
      </span>
    </>
  );
  return (
    <section aria-label={texts.sections[name]}>
      <h2 class="d-section">
        {fold ? (
          <button type="button" aria-expanded={!isFolded} onClick={fold}>
            {title}
            <Icon path={icons.down} size={16} />
          </button>
        ) : (
          <span>{title}</span>
        )}
      </h2>
      {!isFolded && rows.length === 0 && <p class="d-none">{texts.emptySections[name]}</p>}
      {!isFolded && (
        <ul>
          {rows.map((row) => (
            <li key={row.sid}>
              <Row row={row} section={name} now={now} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Row({ row, section, now }: { row: WireTaskRow; section: SectionName; now: number }) {
  const desk = useDesk();
  const isShown = desk.selection?.channelSid === row.channel_sid;
  const unread = section === "others" ? 0 : row.unread_count;
  return (
    <button
      type="button"
      class={`d-row ${unread ? "d-unread" : ""}`}
      data-channel={row.channel_sid}
      aria-current={isShown ? "true" : undefined}
      onClick={() => void desk.door.actions.tryInvokeAction("SelectTask", { task: row })}
    >
      <Avatar name={row.customer_name} size={36} />
      <span class="d-row-words">
        <span class="d-row-top">
          <b dir="auto">{row.customer_name}</b>
          <Time row={row} now={now} />
        </span>
        <span class="d-row-bottom">
          <LastLine row={row} section={section} />
          {unread > 0 && (
            <span class="d-badge">
              {unread > 99 ? "99+" : unread}
              <span class="v-hidden"> {desk.door.texts.unread(unread)}</span>
            </span>
          )}
        </span>
      </span>
    </button>
  );
}

// The colour never stands alone: amber has a clock, rose a warning sign.
function Time({ row, now }: { row: WireTaskRow; now: number }) {
  const desk = useDesk();
  const { texts, ui } = desk.door;
  const since = desk.waitingSince(row);
  if (since === null) {
    return row.last_date ? <time class="d-time" dir="auto">{formatTime(new Date(row.last_date), ui.locale)}</time> : null;
  }
  const waited = Math.max(0, now - since);
  const patience = patienceOf(waited);
  const words = formatWait(waited, texts);
  const says = patience === "calm" ? texts.waitingFor(words) : texts.waitingLong(words);
  return (
    <span class={`d-time d-${patience}`} title={says}>
      {patience !== "calm" && <Icon path={patience === "rose" ? icons.warning : icons.clock} size={14} />}
      <bdi aria-hidden="true">{words}</bdi>
      <span class="v-hidden">{says}</span>
    </span>
  );
}

function LastLine({ row, section }: { row: WireTaskRow; section: SectionName }) {
  const { door, me, agents } = useDesk();
  const { texts } = door;
  if (row.state === "wrapping" && row.agent === me) return <span class="d-last d-mark">{texts.wrapping}</span>;
  const said = lastLine(row);
  const before =
    section === "others"
      ? row.state === "pending" ? texts.offeredTo(agents.nameOf(row.agent ?? "")) : agents.nameOf(row.agent ?? "")
      : row.state === "pending" && row.agent === me ? texts.forYou : null;
  return (
    <span class="d-last" dir="auto">
      {before && <span class="d-mark">{before} · </span>}
      {row.last_author === me && said.kind !== "removed" && `${texts.byYou} `}
      {said.kind === "text" && <bdi>{said.body}</bdi>}
      {said.kind === "file" && (
        <>
          <Icon path={icons.clip} size={14} />
          {texts.file}
        </>
      )}
      {said.kind === "none" && <i>{texts.noMessage}</i>}
      {said.kind === "removed" && <i>{texts.removed}</i>}
    </span>
  );
}

function Account() {
  const desk = useDesk();
  const { door, client, session } = desk;
  const { texts } = door;
  const state = useConnection(client);
  const isOn = state === "connected";
  const name = session.friendly_name || session.identity;
  return (
    <div class="d-account">
      <Avatar name={name} size={32} isOnline={isOn} />
      <span class="d-account-words">
        <b dir="auto">{name}</b>
        <small role="status">{isOn ? texts.connected : state === "waiting" ? texts.offline : texts.connecting}</small>
      </span>
      <Menu label={texts.account} items={useAccountItems()} />
    </div>
  );
}

/** Colours, sound, shortcuts, sign out: for the menu and the palette. */
export function useAccountItems(): (MenuItem & { icon: string; id: string; also?: string })[] {
  const desk = useDesk();
  const { texts, settings, ui } = desk.door;
  useChanges(settings);
  const systemIsDark = useMedia("(prefers-color-scheme: dark)");
  const isDark = settings.theme === "system" ? systemIsDark : settings.theme === "dark";
  const isOn = !settings.hasSound;
  const theme = isDark ? "light" : "dark";
  return [
    { id: "theme", also: `${texts.dark} ${texts.light}`, label: isDark ? texts.light : texts.dark, icon: isDark ? icons.sun : icons.moon, run: () => void ui.do("SetTheme", { theme }) },
    { id: "sound", label: isOn ? texts.soundOn : texts.soundOff, icon: isOn ? pictures.bell : pictures.bellOff, run: () => void ui.do("SetSound", { isOn }) },
    { id: "shortcuts", label: texts.shortcutsTitle, icon: icons.keyboard, run: () => void ui.do("SetComponentState", { name: "Shortcuts", state: { isOpen: true } }) },
    { id: "logout", label: texts.signOut, icon: icons.logout, run: () => void signOut(desk) },
  ];
}

async function signOut(desk: ReturnType<typeof useDesk>): Promise<void> {
  const { ui, texts } = desk.door;
  const held = desk.sections.mine.length;
  if (held && !(await ui.confirm({ title: texts.logoutTitle, text: texts.logoutText(held), action: texts.signOut }))) return;
  await ui.do("Logout", {});
}
