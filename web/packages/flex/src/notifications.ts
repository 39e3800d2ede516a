import { Emitter } from "@vestibule/client";

/** Something to tell a person. `code` chooses the sentence, `fields` fill it in. */
export interface Notification {
  id: number;
  code: string;
  fields: Record<string, string | number>;
  kind: "info" | "error";
  /** Offered beside the sentence, such as Undo. */
  action?: { label: string; run: () => void };
}

export interface ShowOptions {
  kind?: Notification["kind"];
  action?: Notification["action"];
  /** ms; 0: until it is dismissed. */
  lasts?: number;
}

export class Notifications extends Emitter<{ changed: [] }> {
  list: Notification[] = [];
  #last = 0;

  show(code: string, fields: Notification["fields"] = {}, options: ShowOptions = {}): number {
    const { kind = "info", action, lasts = kind === "error" ? 9_000 : 5_000 } = options;
    const id = ++this.#last;
    this.list = [...this.list.slice(-2), { id, code, fields, kind, ...(action && { action }) }];
    if (lasts) setTimeout(() => this.dismiss(id), lasts);
    this.emit("changed");
    return id;
  }

  dismiss(id: number): void {
    this.list = this.list.filter((one) => one.id !== id);
    this.emit("changed");
  }
}
