import { Avatar, Button, Dialog, Icon, icons, useChanges } from "@vestibule/ui";
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Desk } from "./desk";
import { useDesk } from "./hooks";

const FIND_FROM = 7; // agents

/** To one agent, or to everyone. */
export function Transfer() {
  const desk = useDesk();
  const { texts, actions } = desk.door;
  const [to, setTo] = useState("");
  const [wanted, setWanted] = useState("");
  useAgents(desk);
  const close = () => void actions.tryInvokeAction("HideDirectory", {});
  const { task } = desk;
  if (!task) return null;
  const others = desk.agents.others.filter(({ identity, friendly_name }) => `${friendly_name} ${identity}`.toLocaleLowerCase().includes(wanted.toLocaleLowerCase()));
  const submit = (event: Event) => {
    event.preventDefault();
    close();
    void transfer(desk, task.sid, task.customer_name, to);
  };
  return (
    <Dialog label={texts.transferTitle(task.customer_name)} class="d-transfer" onClose={close}>
      <form class="v-confirm" onSubmit={submit}>
        <h2>{texts.transferTitle(task.customer_name)}</h2>
        {desk.agents.others.length >= FIND_FROM && (
          <label class="v-field d-find">
            <span class="v-hidden">{texts.find}</span>
            <input type="search" placeholder={texts.find} value={wanted} onInput={({ currentTarget }) => setWanted(currentTarget.value)} />
          </label>
        )}
        <fieldset class="d-choices">
          <legend class="v-hidden">{texts.transferTo}</legend>
          <Choice value="" chosen={to} choose={setTo} title={texts.transferAll} note={texts.transferAllText}>
            <span class="d-everyone">
              <Icon path={icons.users} />
            </span>
          </Choice>
          {others.map(({ identity, friendly_name, is_online }) => (
            <Choice key={identity} value={identity} chosen={to} choose={setTo} title={friendly_name || identity} note={is_online ? texts.online : texts.away}>
              <Avatar name={friendly_name || identity} size={36} isOnline={is_online} />
            </Choice>
          ))}
          {desk.agents.others.length === 0 && <p class="d-soft">{texts.transferNobody}</p>}
        </fieldset>
        <div class="v-buttons">
          <Button onClick={close}>{desk.door.ui.texts.cancel}</Button>
          <Button kind="primary" type="submit">
            {texts.transfer}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

interface ChoiceProps {
  value: string;
  chosen: string;
  choose: (value: string) => void;
  title: string;
  note: string;
  children: ComponentChildren;
}

function Choice({ value, chosen, choose, title, note, children }: ChoiceProps) {
  return (
    <label class="d-choice">
      <input type="radio" name="to" value={value} checked={chosen === value} onChange={() => choose(value)} />
      {children}
      <span class="d-choice-words">
        <b dir="auto">{title}</b>
        <small>{note}</small>
      </span>
      <span class="d-choice-mark" aria-hidden="true">
        <Icon path={icons.check} size={18} />
      </span>
    </label>
  );
}

async function transfer(desk: Desk, sid: string, name: string, to: string): Promise<void> {
  const { ui, notifications } = desk.door;
  if (!(await ui.do("TransferTask", { sid, ...(to && { targetSid: to }) }))) return;
  notifications.show("Transferred", { name, to: to && desk.agents.nameOf(to) });
  await desk.show(null);
}

// Who is at the desk changes: asked anew each time.
function useAgents(desk: Desk): void {
  useChanges(desk.agents);
  useEffect(() => void desk.agents.load().catch(() => undefined), [desk]);
}
