import type { Client } from "./client";
import { Emitter } from "./emitter";
import type { TaskState, WireEvent, WireTask, WireTaskRow } from "./wire";

const OPEN: TaskState[] = ["pending", "accepted", "wrapping"];

/** A chat that is new to us: its stream tells the rest, from the start. */
const NOTHING_SAID = {
  last_sid: "", last_body: "", last_author: "", last_date: null, last_index: -1, unread_count: 0, has_media: false, seq: 0,
};

/** The open tasks as agents see them, kept up to date by the service's stream. */
export class TaskList extends Emitter<{ changed: []; added: [WireTaskRow] }> {
  rows: WireTaskRow[] = [];
  readonly client: Client;
  #stop: (() => void) | null = null;

  constructor(client: Client) {
    super();
    this.client = client;
  }

  /** Loads the list and follows it. The second time it loads anew. */
  async open(): Promise<void> {
    const states = OPEN.map((state) => `state=${state}`).join("&");
    const { tasks, seq } = await this.client.http.get<{ tasks: WireTaskRow[]; seq: number }>(`/v1/tasks?${states}`);
    this.rows = tasks;
    this.#stop?.();
    await this.client.untilConnected();
    this.#stop = this.client.follow(this.client.serviceSid, seq, (event) => this.#hear(event));
    this.emit("changed");
  }

  close(): void {
    this.#stop?.();
    this.#stop = null;
  }

  find(sid: string): WireTaskRow | undefined {
    return this.rows.find((row) => row.sid === sid);
  }

  /** Changes what a row shows, when one knows better than the list: a message came, one was read. */
  patch(channelSid: string, change: Partial<WireTaskRow>): void {
    this.rows = this.rows.map((row) => (row.channel_sid === channelSid ? { ...row, ...change } : row));
    this.emit("changed");
  }

  accept(sid: string): Promise<WireTask> {
    return this.#act(sid, "accept");
  }

  wrapup(sid: string): Promise<WireTask> {
    return this.#act(sid, "wrapup");
  }

  complete(sid: string): Promise<WireTask> {
    return this.#act(sid, "complete");
  }

  /** To an agent by identity, or back to whoever is free. */
  transfer(sid: string, agent?: string): Promise<WireTask> {
    return this.#act(sid, "transfer", agent ? { agent } : {});
  }

  async #act(sid: string, verb: string, body: object = {}): Promise<WireTask> {
    const task = await this.client.http.post<WireTask>(`/v1/tasks/${sid}/${verb}`, body);
    this.#take(task);
    return task;
  }

  #hear(event: WireEvent): void {
    if (event.kind !== "TaskUpdated") return;
    if (event.task) this.#take(event.task);
    else this.#drop(event.sid); // its channel was deleted
  }

  #take(task: WireTask): void {
    const known = this.find(task.sid);
    if (!OPEN.includes(task.state)) this.rows = this.rows.filter((row) => row.sid !== task.sid);
    else if (known) this.rows = this.rows.map((row) => (row === known ? { ...row, ...task } : row));
    else this.#add({ ...task, ...NOTHING_SAID });
    this.emit("changed");
  }

  #drop(sid: string): void {
    this.rows = this.rows.filter((row) => row.sid !== sid);
    this.emit("changed");
  }

  #add(row: WireTaskRow): void {
    this.rows = [...this.rows, row];
    this.emit("added", row);
  }
}
