// The small parts.

import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import { initialsOf, splitName } from "./format";
import * as icons from "./icons";
import { useChanges } from "./hooks";
import { useUi } from "./ui";

export function Icon({ path, size = 20 }: { path: string; size?: number }) {
  return (
    <svg class="v-icon" width={size} height={size} viewBox="0 0 20 20" aria-hidden="true">
      <path d={path} />
    </svg>
  );
}

type ButtonProps = Omit<JSX.IntrinsicElements["button"], "icon"> & { icon?: string; kind?: "plain" | "primary" | "danger" | "quiet" };

export function Button({ icon, kind = "plain", children, class: extra = "", ...rest }: ButtonProps & { class?: string }) {
  return (
    <button type="button" class={`v-button v-${kind} ${extra}`} {...rest}>
      {icon && <Icon path={icon} size={18} />}
      {children}
    </button>
  );
}

/** A button that is only an icon; `label` is what it is called. */
export function IconButton({ icon, label, class: extra = "", ...rest }: ButtonProps & { icon: string; label: string; class?: string }) {
  return (
    <button type="button" class={`v-icon-button ${extra}`} aria-label={label} title={label} {...rest}>
      <Icon path={icon} />
    </button>
  );
}

const TINTS = 6;

export function Avatar({ name, size = 32, isOnline }: { name: string; size?: number; isOnline?: boolean }) {
  const tint = Array.from(name).reduce((sum, letter) => sum + (letter.codePointAt(0) ?? 0), 0) % TINTS;
  const box = { width: `${size}px`, height: `${size}px`, fontSize: `${Math.round(size * 0.4)}px` };
  return (
    <span class={`v-avatar v-tint-${tint}`} style={box} aria-hidden="true">
      {initialsOf(name)}
      {isOnline && <i class="v-online" />}
    </span>
  );
}

/** A file's name; when it is cut, then in the middle, so that its ending can always be read. */
export function FileName({ name }: { name: string }) {
  const [start, end] = splitName(name);
  return (
    <span class="v-name" title={name}>
      <span class="v-name-whole" dir="auto">
        <span class="v-name-start">{start}</span>
        <span class="v-name-end">{end}</span>
      </span>
    </span>
  );
}

/** How far something is, as a ring; spins while `part` is null. */
export function Ring({ part, size = 40, children }: { part: number | null; size?: number; children?: ComponentChildren }) {
  const around = 2 * Math.PI * 17;
  return (
    <span class={`v-ring ${part === null ? "v-spins" : ""}`} style={{ width: `${size}px`, height: `${size}px` }}>
      <svg viewBox="0 0 40 40" aria-hidden="true">
        <circle class="v-ring-back" cx="20" cy="20" r="17" />
        <circle class="v-ring-front" cx="20" cy="20" r="17" stroke-dasharray={around} stroke-dashoffset={around * (1 - (part ?? 0.25))} />
      </svg>
      {children}
    </span>
  );
}

export function Banner({ icon, kind = "neutral", children }: { icon?: string; kind?: "neutral" | "held" | "refused"; children: ComponentChildren }) {
  return (
    <div class={`v-banner v-${kind}`} role="status">
      {icon && <Icon path={icon} size={18} />}
      <span class="v-banner-text">{children}</span>
    </div>
  );
}

export function EmptyState({ icon, title, children }: { icon?: string; title: string; children?: ComponentChildren }) {
  return (
    <div class="v-empty">
      {icon && <Icon path={icon} size={32} />}
      <h2>{title}</h2>
      {children && <p>{children}</p>}
    </div>
  );
}

export interface MenuItem {
  label: string;
  icon?: string;
  isDangerous?: boolean;
  run: () => void;
}

/** A button that opens a short list. Arrow keys move, Escape closes. */
export function Menu({ label, items, icon = icons.dots }: { label: string; items: MenuItem[]; icon?: string }) {
  const [isOpen, setOpen] = useState(false);
  const choose = (item: MenuItem) => {
    setOpen(false);
    item.run();
  };
  return (
    <span class="v-menu" onFocusOut={(event) => leaves(event) && setOpen(false)} onKeyDown={(event) => isOpen && menuKey(event, () => setOpen(false))}>
      <IconButton icon={icon} label={label} aria-haspopup="menu" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)} />
      {isOpen && (
        <div class="v-menu-list" role="menu" ref={focusFirst}>
          {items.map((item) => (
            <button type="button" role="menuitem" key={item.label} class={item.isDangerous ? "v-dangerous" : ""} onClick={() => choose(item)}>
              {item.icon && <Icon path={item.icon} size={18} />}
              {item.label}
            </button>
          ))}
        </div>
      )}
    </span>
  );
}

function focusFirst(list: HTMLElement | null): void {
  list?.querySelector("button")?.focus();
}

function leaves(event: FocusEvent): boolean {
  return !(event.currentTarget as HTMLElement).contains(event.relatedTarget as Node | null);
}

function menuKey(event: KeyboardEvent, close: () => void): void {
  const menu = event.currentTarget as HTMLElement;
  if (event.key === "Escape") {
    event.stopPropagation();
    menu.querySelector("button")?.focus();
    close();
  }
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const items = [...menu.querySelectorAll<HTMLElement>("[role=menuitem]")];
  const place = items.indexOf((menu.getRootNode() as Document | ShadowRoot).activeElement as HTMLElement);
  items[(place + step + items.length) % items.length]?.focus();
}

export function Toasts() {
  const ui = useUi();
  useChanges(ui.notifications);
  return (
    <div class="v-toasts" role="status">
      {ui.notifications.list.map(({ id, code, fields, kind, action }) => (
        <div class={`v-toast v-toast-${kind}`} key={id}>
          <Icon path={kind === "error" ? icons.warning : icons.info} />
          <span class="v-toast-text">{ui.notice(code, fields)}</span>
          {action && <Button kind="quiet" onClick={action.run}>{action.label}</Button>}
          <IconButton icon={icons.close} label={ui.texts.dismiss} onClick={() => ui.notifications.dismiss(id)} />
        </div>
      ))}
    </div>
  );
}
