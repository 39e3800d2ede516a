import { Conversation, EmptyState, Icon, IconButton, Menu, UiRoot, icons, useChanges, Button, type MenuItem } from "@vestibule/ui";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Engagement } from "./engagement";
import { StartForm } from "./start-form";
import { english as texts } from "./texts";
import { transcriptOf } from "./transcript";

export function App({ engagement, root, launcher }: { engagement: Engagement; root: HTMLElement; launcher: HTMLButtonElement }) {
  useChanges(engagement);
  useLauncher(engagement, launcher);
  const { isOpen, site } = engagement;
  const panel = useRef<HTMLElement>(null);
  const close = () => void engagement.actions.tryInvokeAction("MinimizeChat", {});
  useFocus(panel, engagement, launcher);
  useKeyboardRoom(panel, isOpen);
  return (
    <section
      ref={panel}
      class="w-panel"
      role="dialog"
      aria-label={texts.chat(site.team)}
      hidden={!isOpen}
      onKeyDown={(event) => event.key === "Escape" && !event.defaultPrevented && close()}
    >
      <UiRoot ui={engagement.ui}>
        <Header engagement={engagement} root={root} close={close} />
        <Stage engagement={engagement} />
      </UiRoot>
    </section>
  );
}

function Header({ engagement, root, close }: { engagement: Engagement; root: HTMLElement; close: () => void }) {
  const { site, channel } = engagement;
  const [theme, setTheme] = useState(root.dataset["theme"] ?? "");
  const isDark = theme ? theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  const switchTheme = () => {
    const next = isDark ? "light" : "dark";
    root.dataset["theme"] = next;
    engagement.keep.set("vestibule:theme", next);
    setTheme(next);
  };
  const items: MenuItem[] = [{ label: isDark ? texts.light : texts.dark, icon: isDark ? icons.sun : icons.moon, run: switchTheme }];
  if (channel) items.unshift(...chatItems(engagement));
  return (
    <div class="w-header">
      <span class="w-sign">
        <Icon path={icons.arch} size={22} />
      </span>
      <span class="w-title">
        <h1>
          <bdi>{site.team}</bdi>
        </h1>
        <p>{texts.replies(site.reply_minutes)}</p>
      </span>
      <Menu label={engagement.ui.texts.menu} items={items} />
      <IconButton icon={icons.down} label={engagement.ui.texts.close} onClick={close} />
    </div>
  );
}

function chatItems(engagement: Engagement): MenuItem[] {
  const restart = async () => {
    const question = { title: texts.startNewConfirm, text: texts.startNewText, action: texts.startNew };
    if (await engagement.ui.confirm(question)) await engagement.ui.do("RestartEngagement", {});
  };
  return [
    { label: texts.transcript, icon: icons.download, run: () => void download(engagement) },
    { label: texts.end, icon: icons.plus, run: () => void restart() },
  ];
}

function Stage({ engagement }: { engagement: Engagement }) {
  const { stage, channel, site, isOnline } = engagement;
  if (stage === "form" || stage === "starting") return <StartForm engagement={engagement} />;
  if (channel && stage === "chat") {
    return (
      <Conversation
        channel={channel}
        before={<p class="w-greeting" dir="auto">{site.greeting || texts.hello}</p>}
        ended={<Ended engagement={engagement} />}
        isShown={engagement.isOpen}
        autofocus={engagement.isOpen && matchMedia("(pointer: fine)").matches}
      />
    );
  }
  if (!isOnline) return <EmptyState icon={icons.cloudOff} title={texts.noConnection}>{texts.noConnectionText}</EmptyState>;
  return <Skeleton />;
}

function Skeleton() {
  return (
    <div class="w-skeleton" role="status" aria-label={texts.loading}>
      <i />
      <i />
      <i />
    </div>
  );
}

function Ended({ engagement }: { engagement: Engagement }) {
  return (
    <div class="w-ended" role="status">
      <p>{texts.ended}</p>
      <div class="v-buttons">
        <Button kind="primary" onClick={() => void engagement.ui.do("RestartEngagement", {})}>{texts.startNew}</Button>
        <Button icon={icons.download} onClick={() => void download(engagement)}>{texts.transcriptShort}</Button>
      </div>
    </div>
  );
}

async function download({ channel, site, ui }: Engagement): Promise<void> {
  if (!channel) return;
  const text = await transcriptOf(channel.source, texts.transcriptTitle(site.team), ui.locale);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
  link.download = `${site.team}.txt`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function useLauncher(engagement: Engagement, launcher: HTMLButtonElement): void {
  const { isOpen, unread } = engagement;
  useEffect(() => {
    launcher.ariaExpanded = String(isOpen);
    launcher.ariaLabel = isOpen ? engagement.ui.texts.close : unread ? texts.openChatUnread(unread) : texts.openChat;
    const badge = launcher.querySelector("b");
    if (badge) badge.textContent = unread && !isOpen ? (unread > 99 ? "99+" : String(unread)) : "";
  }, [isOpen, unread, launcher]);
}

// Into the panel when it opens, on to what comes next, and back to the launcher when it closes. On a
// phone it stays: focus would bring up the keyboard before anything was read.
function useFocus(panel: { current: HTMLElement | null }, { isOpen, stage }: Engagement, launcher: HTMLButtonElement): void {
  const wasOpen = useRef(isOpen);
  useEffect(() => {
    const isInside = panel.current?.contains((panel.current.getRootNode() as ShadowRoot).activeElement);
    if (isOpen && !isInside && matchMedia("(pointer: fine)").matches) {
      panel.current?.querySelector<HTMLElement>("textarea, input:not([hidden]), .v-primary")?.focus();
    }
    if (!isOpen && wasOpen.current) launcher.focus();
    wasOpen.current = isOpen;
  }, [isOpen, stage]);
}

// On a phone the keyboard covers a fixed panel: its height follows what is left.
function useKeyboardRoom(panel: { current: HTMLElement | null }, isOpen: boolean): void {
  useEffect(() => {
    const view = window.visualViewport;
    if (!isOpen || !view) return undefined;
    const adapt = () => {
      const isPhone = matchMedia("(max-width: 479px)").matches && view.scale === 1;
      panel.current?.style.setProperty("--height", isPhone ? `${view.height}px` : "");
    };
    adapt();
    view.addEventListener("resize", adapt);
    return () => view.removeEventListener("resize", adapt);
  }, [isOpen]);
}
