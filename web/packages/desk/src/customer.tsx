import { parseAttributes, type Attributes, type WireMedia, type WireUser } from "@vestibule/client";
import type { ChannelState } from "@vestibule/flex";
import { Avatar, Button, Dialog, Icon, IconButton, formatDay, formatTime, icons, useChanges } from "@vestibule/ui";
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { chatActions } from "./chat-commands";
import { FileGrid } from "./file-grid";
import { useDesk } from "./hooks";

interface Person extends WireUser {
  channels: { sid: string; friendly_name: string; date_created: string }[];
  files: WireMedia[];
}

type Asked = Person | "loading" | "failed";

/** The right column, or on smaller screens a drawer over the chat. */
export function CustomerPanel({ channel, isDrawer }: { channel: ChannelState; isDrawer: boolean }) {
  const { door } = useDesk();
  const { texts, actions } = door;
  const close = () => void actions.tryInvokeAction("ToggleSidebar", { open: false });
  const content = <Content channel={channel} close={isDrawer ? close : undefined} />;
  if (!isDrawer) return <aside class="d-customer" aria-label={texts.details}>{content}</aside>;
  return (
    <Dialog label={texts.details} class="d-drawer" onClose={close}>
      <div class="d-customer">{content}</div>
    </Dialog>
  );
}

function Content({ channel, close }: { channel: ChannelState; close: (() => void) | undefined }) {
  const desk = useDesk();
  const { texts } = desk.door;
  useChanges(channel);
  useChanges(desk.tasks);
  const { task, customer, customerIdentity: identity } = desk;
  const name = task?.customer_name || customer?.friendlyName || texts.visitor;
  const person = usePerson(identity, channel);
  const attributes = { ...channel.source.attributes, ...(typeof person === "object" ? parseAttributes(person.attributes) : {}) };
  const email = textOf(attributes, "email");
  return (
    <>
      <header class="d-head">
        <h2 class="d-team">{texts.details}</h2>
        {close && <IconButton icon={icons.close} label={texts.hideDetails} onClick={close} />}
      </header>
      <div class="d-customer-body">
        <div class="d-person">
          <Avatar name={name} size={56} />
          <strong dir="auto">{name}</strong>
          {email && <span class="d-soft" dir="auto">{email}</span>}
          {customer?.isBlocked && (
            <span class="d-pill d-pill-refused">
              <Icon path={icons.ban} size={14} />
              {texts.blocked}
            </span>
          )}
        </div>
        <PersonActions />
        <Facts attributes={attributes} channel={channel} />
        <Part title={texts.files}>
          <Files person={person} channel={channel} identity={identity} />
        </Part>
        <Part title={texts.earlier}>
          <Earlier person={person} channel={channel} />
        </Part>
      </div>
    </>
  );
}

function PersonActions() {
  const commands = chatActions(useDesk()).filter((one) => one.id === "transfer" || one.id === "block");
  if (commands.length === 0) return null;
  return (
    <div class="d-person-actions">
      {commands.map((one) => (
        <Button key={one.id} icon={one.icon} onClick={one.run} class={one.icon === icons.ban ? "d-warns" : ""}>
          {one.label}
        </Button>
      ))}
    </div>
  );
}

function Part({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class="d-part">
      <h3>{title}</h3>
      {children}
    </section>
  );
}

// As text, not as links: what a stranger wrote should not be one click away.
function Facts({ attributes, channel }: { attributes: Attributes; channel: ChannelState }) {
  const { texts, ui } = useDesk().door;
  const started = channel.source.dateCreated;
  const facts: [string, string | null][] = [
    [texts.from, textOf(attributes, "page", "location", "url")],
    [texts.referrer, textOf(attributes, "referrer")],
    [texts.language, languageOf(textOf(attributes, "language", "locale"), ui.locale)],
    [texts.started, `${formatDay(started, ui.texts, ui.locale)}, ${formatTime(started, ui.locale)}`],
  ];
  return (
    <Part title={texts.about}>
      <dl class="d-facts">
        {facts.map(
          ([label, value]) =>
            value && (
              <div key={label}>
                <dt>{label}</dt>
                <dd dir="auto">{value}</dd>
              </div>
            ),
        )}
      </dl>
    </Part>
  );
}

function Files({ person, channel, identity }: { person: Asked; channel: ChannelState; identity: string }) {
  const { texts } = useDesk().door;
  const files = filesOf(person, channel, identity);
  if (files.length > 0) return <FileGrid files={files} />;
  if (person === "loading") return <p class="d-soft">{texts.loadingAgents}</p>;
  return <p class="d-soft">{person === "failed" ? texts.notLoaded : texts.noFiles}</p>;
}

function Earlier({ person, channel }: { person: Asked; channel: ChannelState }) {
  const desk = useDesk();
  const { texts, ui, actions } = desk.door;
  if (typeof person === "string") return <p class="d-soft">{person === "failed" ? texts.notLoaded : texts.loadingAgents}</p>;
  const others = person.channels.filter(({ sid }) => sid !== channel.sid).sort((a, b) => Date.parse(b.date_created) - Date.parse(a.date_created));
  if (others.length === 0) return <p class="d-soft">{texts.noEarlier}</p>;
  return (
    <ul class="d-earlier">
      {others.map(({ sid, date_created }) => {
        const date = new Date(date_created);
        return (
          <li key={sid}>
            <button type="button" onClick={() => void actions.tryInvokeAction("OpenChat", { channelSid: sid })}>
              <Icon path={icons.clock} size={16} />
              {formatDay(date, ui.texts, ui.locale)}, {formatTime(date, ui.locale)}
            </button>
          </li>
        );
      })}
    </ul>
  );
}

function usePerson(identity: string, channel: ChannelState): Asked {
  const { client } = useDesk();
  const [person, setPerson] = useState<Asked>("loading");
  useEffect(() => {
    const wanted = new AbortController();
    setPerson("loading");
    client.http.get<Person>(`/v1/users/${encodeURIComponent(identity)}`).then(
      (found) => wanted.signal.aborted || setPerson(found),
      () => wanted.signal.aborted || setPerson("failed"),
    );
    return () => wanted.abort();
  }, [identity, channel.sid]);
  return person;
}

/** What they sent, newest first: the open chat as it is now, the others as they were when we asked. */
function filesOf(person: Asked, { source }: ChannelState, identity: string): WireMedia[] {
  const here = [...source.messages.map(({ media }) => media?.wire), ...source.refusals.map(({ media }) => media)];
  const earliest = source.messages[0]?.dateCreated.getTime() ?? 0;
  const asked = typeof person === "string" ? [] : person.files;
  const elsewhere = asked.filter((media) => media.channel_sid !== source.sid || (source.hasEarlier && Date.parse(media.date_created) < earliest));
  const files = new Map([...elsewhere, ...here].filter((media) => media !== undefined).map((media) => [media.sid, media]));
  return [...files.values()]
    .filter((media) => media.author === identity && media.state !== "gone" && media.state !== "recalled")
    .sort((a, b) => Date.parse(b.date_created) - Date.parse(a.date_created));
}

function textOf(attributes: Attributes, ...names: string[]): string | null {
  for (const name of names) {
    const value = attributes[name];
    if (typeof value === "string" && value.trim()) return value.trim().slice(0, 300);
  }
  return null;
}

function languageOf(code: string | null, locale: string | undefined): string | null {
  if (!code) return null;
  try {
    return new Intl.DisplayNames(locale, { type: "language" }).of(code) ?? code;
  } catch {
    return code;
  }
}
