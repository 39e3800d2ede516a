import { Emitter, type Keep } from "@vestibule/client";

export type Theme = "system" | "light" | "dark";

const NAME = "vestibule:desk";

/** What an agent chose on this device. */
export class Settings extends Emitter<{ changed: [] }> {
  #keep: Keep;

  constructor(keep: Keep) {
    super();
    this.#keep = keep;
  }

  get theme(): Theme {
    const kept = this.#keep.get("vestibule:theme");
    return kept === "light" || kept === "dark" ? kept : "system";
  }
  set theme(theme: Theme) {
    if (theme === "system") this.#keep.remove("vestibule:theme");
    else this.#keep.set("vestibule:theme", theme);
    this.emit("changed");
  }

  /** Off until somebody asks for it. */
  get hasSound(): boolean {
    return this.#is("sound", false);
  }
  set hasSound(is: boolean) {
    this.#set("sound", is);
  }

  get singleKeys(): boolean {
    return this.#is("keys", true);
  }
  set singleKeys(is: boolean) {
    this.#set("keys", is);
  }

  /** The others' chats are out of sight until somebody wants them. */
  get showsOthers(): boolean {
    return this.#is("others", false);
  }
  set showsOthers(is: boolean) {
    this.#set("others", is);
  }

  /** The name of who signed in last here. */
  get name(): string {
    return this.#keep.get(`${NAME}:name`) ?? "";
  }
  set name(name: string) {
    this.#keep.set(`${NAME}:name`, name);
  }

  #is(name: string, otherwise: boolean): boolean {
    const kept = this.#keep.get(`${NAME}:${name}`);
    return kept === null ? otherwise : kept === "1";
  }

  #set(name: string, is: boolean): void {
    this.#keep.set(`${NAME}:${name}`, is ? "1" : "0");
    this.emit("changed");
  }
}
