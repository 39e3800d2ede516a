import type { TaskList, WireTaskRow } from "@vestibule/client";
import type { Actions } from "./actions";

interface TaskPayload {
  task: WireTaskRow;
  sid: string;
}

/** The desk's actions on tasks. Each takes `task` or `sid`; the other is filled in. */
export function registerTaskActions(actions: Actions, tasks: TaskList, select: (sid: string | null) => void): void {
  const fill = (payload: Partial<TaskPayload>) => fillTask(tasks, payload);
  actions.registerAction("AcceptTask", ({ sid }: TaskPayload) => tasks.accept(sid), fill);
  actions.registerAction("WrapupTask", ({ sid }: TaskPayload) => tasks.wrapup(sid), fill);
  actions.registerAction("CompleteTask", ({ sid }: TaskPayload) => tasks.complete(sid), fill);
  actions.registerAction("TransferTask", (p: TaskPayload & { targetSid?: string }) => tasks.transfer(p.sid, p.targetSid), fill);
  actions.registerAction("SelectTask", ({ sid }: Partial<TaskPayload>) => select(sid ?? null), fill);
}

function fillTask(tasks: TaskList, payload: Partial<TaskPayload> | undefined): void {
  if (!payload) return;
  if (payload.task) payload.sid ??= payload.task.sid;
  else if (payload.sid) {
    const known = tasks.find(payload.sid);
    if (known) payload.task = known;
  }
}
