import { Dialog, Icon, icons, useChanges } from "@vestibule/ui";
import { useEffect, useRef, useState } from "preact/hooks";
import { chatActions } from "./chat-commands";
import { grouped, matching, type Command } from "./commands";
import type { Desk } from "./desk";
import { useDesk } from "./hooks";
import { Keys } from "./help";
import { useAccountItems } from "./tasks";

/** Every chat and every command, found by typing. */
export function Palette() {
  const desk = useDesk();
  const { texts, actions } = desk.door;
  useChanges(desk.tasks);
  const [query, setQuery] = useState("");
  const [place, setPlace] = useState(0);
  const found = matching(useCommands(desk), query);
  const ordered = grouped(found).flatMap(([, commands]) => commands);
  const chosen = ordered[Math.min(place, ordered.length - 1)];
  const close = () => void actions.tryInvokeAction("SetComponentState", { name: "CommandPalette", state: { isOpen: false } });
  const run = (command: Command | undefined) => {
    if (!command) return;
    close();
    // After the dialog has given the focus back: what runs may take it.
    requestAnimationFrame(() => command.run());
  };
  const pressed = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && ordered.length) {
      event.preventDefault();
      setPlace((Math.min(place, ordered.length - 1) + step + ordered.length) % ordered.length);
    }
    if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      run(chosen);
    }
  };
  return (
    <Dialog label={texts.palette} class="d-palette" onClose={close}>
      <div class="d-palette-field">
        <Icon path={icons.search} />
        <input
          role="combobox"
          aria-expanded="true"
          aria-controls="d-found"
          aria-activedescendant={chosen && `d-${chosen.id}`}
          aria-label={texts.palettePlaceholder}
          placeholder={texts.palettePlaceholder}
          autocomplete="off"
          spellcheck={false}
          value={query}
          onInput={({ currentTarget }) => (setQuery(currentTarget.value), setPlace(0))}
          onKeyDown={pressed}
        />
      </div>
      <Found id="d-found" commands={found} chosen={chosen} choose={run} />
    </Dialog>
  );
}

interface FoundProps {
  id: string;
  commands: Command[];
  chosen: Command | undefined;
  choose: (command: Command) => void;
}

function Found({ id, commands, chosen, choose }: FoundProps) {
  const { texts } = useDesk().door;
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }, [chosen?.id]);
  return (
    <div class="d-found" role="listbox" id={id} ref={list} aria-label={texts.palette}>
      {grouped(commands).map(([group, all]) => (
        <div role="group" aria-label={group} key={group}>
          <h3 aria-hidden="true">{group}</h3>
          {all.map((command) => (
            <div key={command.id} id={`d-${command.id}`} role="option" class="d-option" aria-selected={command === chosen} onClick={() => choose(command)}>
              <Icon path={command.icon} size={18} />
              <span dir="auto">{command.label}</span>
              {command.keys && <Keys keys={command.keys} />}
            </div>
          ))}
        </div>
      ))}
      {commands.length === 0 && <p class="d-none">{texts.paletteEmpty}</p>}
    </div>
  );
}

function useCommands(desk: Desk): Command[] {
  const { texts, ui, settings } = desk.door;
  const { waiting, mine, others } = desk.sections;
  const account = useAccountItems().map((item) => ({ ...item, group: texts.groupDesk, ...(item.id === "shortcuts" && { keys: ["?"] }) }));
  const system: Command[] = settings.theme === "system" ? [] : [{ id: "system", label: texts.system, group: texts.groupDesk, icon: icons.sun, run: () => void ui.do("SetTheme", { theme: "system" }) }];
  const chats = [...waiting, ...mine, ...others].map((row) => ({
    id: row.sid,
    label: row.customer_name,
    also: row.last_body,
    group: texts.groupChats,
    icon: row.state === "pending" ? icons.clock : icons.user,
    run: () => void ui.do("SelectTask", { task: row }),
  }));
  return [...chatActions(desk), ...chats, ...account, ...system];
}
