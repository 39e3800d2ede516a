import { Button, ConnectionBanner, EmptyState, UiRoot, icons, useChanges } from "@vestibule/ui";
import { useEffect, useRef } from "preact/hooks";
import { Chat } from "./chat";
import { CustomerPanel } from "./customer";
import type { Desk } from "./desk";
import type { Door } from "./door";
import { FileDetails } from "./file-details";
import { Help } from "./help";
import { DeskContext, useMedia } from "./hooks";
import { MessageMenu } from "./message-actions";
import { Palette } from "./palette";
import { SignIn } from "./sign-in";
import { Tasks } from "./tasks";
import { Transfer } from "./transfer";
import { useShortcuts } from "./use-shortcuts";

export function App({ door, root }: { door: Door; root: HTMLElement }) {
  useChanges(door);
  useTheme(door, root);
  return (
    <UiRoot ui={door.ui}>
      <Shown door={door} />
    </UiRoot>
  );
}

function Shown({ door }: { door: Door }) {
  const { stage, desk, texts } = door;
  if (stage === "open" && desk) return <Columns key={desk.me} desk={desk} />;
  if (stage === "closed") return <SignIn door={door} />;
  if (stage === "loading") return <div class="d-door" aria-busy="true" aria-label={texts.loading} />;
  return (
    <div class="d-door" role="status">
      <EmptyState icon={icons.cloudOff} title={texts.unreachable}>
        {texts.unreachableText}
      </EmptyState>
    </div>
  );
}

/** Chats, conversation, customer: three columns, two and a drawer, or one at a time. */
function Columns({ desk }: { desk: Desk }) {
  useChanges(desk);
  useShortcuts(desk);
  const isWide = useMedia("(min-width: 1180px)");
  const { selection, overlay } = desk;
  useFocusBack(selection?.channelSid ?? null);
  if (desk.error) return <Nobody desk={desk} />;
  const hasPanel = selection?.channel && (isWide || desk.isPanelOpen);
  return (
    <DeskContext.Provider value={desk}>
      <div class={`d-columns ${selection ? "d-has-chat" : ""}`}>
        <Tasks />
        {selection ? <Chat key={selection.channelSid} selection={selection} /> : <Nothing desk={desk} />}
        {hasPanel && selection.channel && <CustomerPanel key={`panel ${selection.channelSid}`} channel={selection.channel} isDrawer={!isWide} />}
      </div>
      {overlay === "palette" && <Palette />}
      {overlay === "shortcuts" && <Help />}
      {overlay === "message" && desk.menuOf && <MessageMenu message={desk.menuOf} />}
      {overlay === "file" && desk.fileOf && <FileDetails key={desk.fileOf.sid} wire={desk.fileOf} />}
      {overlay === "transfer" && selection?.channel && <Transfer />}
    </DeskContext.Provider>
  );
}

function Nobody({ desk }: { desk: Desk }) {
  const { texts, actions } = desk.door;
  return (
    <main class="d-door">
      <div class="d-nothing">
        <EmptyState icon={icons.lock} title={texts.noDesk}>
          {desk.error}
        </EmptyState>
        <Button onClick={() => void actions.tryInvokeAction("Logout", {})}>{texts.signOut}</Button>
      </div>
    </main>
  );
}

// When the chat in the middle goes, the focus goes to the list instead of nowhere.
function useFocusBack(shown: string | null): void {
  const before = useRef<string | null>(null);
  useEffect(() => {
    const left = before.current;
    before.current = shown;
    if (left === null || shown !== null || document.querySelector("dialog[open]")) return;
    if (document.activeElement !== null && document.activeElement !== document.body) return;
    const row = document.querySelector<HTMLElement>(`.d-row[data-channel="${left}"]`) ?? document.querySelector<HTMLElement>(".d-row");
    row?.focus({ preventScroll: true });
  }, [shown]);
}

function Nothing({ desk }: { desk: Desk }) {
  useChanges(desk.tasks);
  const { texts, actions } = desk.door;
  const isQuiet = desk.tasks.rows.length === 0;
  return (
    <main class="d-chat">
      <ConnectionBanner client={desk.client} />
      <div class="d-nothing">
        <EmptyState icon={icons.arch} title={isQuiet ? texts.quiet : texts.chooseChat}>
          {isQuiet ? texts.quietText : texts.chooseChatText}
        </EmptyState>
        <Button kind="quiet" icon={icons.keyboard} class="d-hint" onClick={() => void actions.tryInvokeAction("SetComponentState", { name: "Shortcuts", state: { isOpen: true } })}>
          {texts.shortcutsTitle}
        </Button>
      </div>
    </main>
  );
}

function useTheme(door: Door, root: HTMLElement): void {
  useChanges(door.settings);
  const { theme } = door.settings;
  useEffect(() => {
    if (theme === "system") delete root.dataset["theme"];
    else root.dataset["theme"] = theme;
  }, [theme, root]);
}
