import { Dialog, IconButton, icons, useChanges } from "@vestibule/ui";
import { useDesk } from "./hooks";
import { SHORTCUTS } from "./shortcuts";

/** All keys on one card. */
export function Help() {
  const { door } = useDesk();
  const { texts, settings, actions } = door;
  useChanges(settings);
  const close = () => void actions.tryInvokeAction("SetComponentState", { name: "Shortcuts", state: { isOpen: false } });
  return (
    <Dialog label={texts.shortcutsTitle} class="d-help" onClose={close}>
      <header>
        <h2>{texts.shortcutsTitle}</h2>
        <IconButton icon={icons.close} label={door.ui.texts.close} onClick={close} />
      </header>
      <dl>
        {SHORTCUTS.map(({ name, keys }) => (
          <div key={name}>
            <dt>{texts.shortcuts[name]}</dt>
            <dd>
              <Keys keys={keys} />
            </dd>
          </div>
        ))}
      </dl>
      <label class="d-switch">
        <span>
          {texts.singleKeys}
          <small>{texts.singleKeysText}</small>
        </span>
        <input type="checkbox" role="switch" checked={settings.singleKeys} onChange={({ currentTarget }) => void actions.tryInvokeAction("SetSingleKeys", { isOn: currentTarget.checked })} />
      </label>
    </Dialog>
  );
}

const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent);

export function Keys({ keys }: { keys: string[] }) {
  return (
    <span class="d-keys">
      {keys.map((key) => (
        <kbd key={key}>{key === "Mod" ? (isMac ? "⌘" : "Ctrl") : key.length === 1 ? key.toUpperCase() : key}</kbd>
      ))}
    </span>
  );
}
