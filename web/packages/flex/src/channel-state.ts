import { Emitter, newKey, type Channel } from "@vestibule/client";

/** A file in the composer, not sent yet. */
export interface AttachedFile {
  id: string;
  file: File;
  /** Said by the sender, for those who cannot see the picture. */
  description: string;
  /** While before listeners of AttachFile look at it. */
  isChecking: boolean;
}

/** A channel as plugins know it: `source` is the channel, the rest is what is being written. */
export class ChannelState extends Emitter<{ changed: [] }> {
  readonly source: Channel;
  inputText: string;
  selectionStart = 0;
  selectionEnd = 0;
  attachedFiles: AttachedFile[] = [];
  #stop: () => void;

  constructor(source: Channel) {
    super();
    this.source = source;
    this.inputText = source.client.keep.get(this.#draft) ?? "";
    this.#stop = source.listen("changed", () => this.emit("changed"));
  }

  get sid(): string {
    return this.source.sid;
  }

  /** Kept on this device, so that a reload does not lose it. */
  setText(text: string, selectionStart = text.length, selectionEnd = selectionStart): void {
    this.inputText = text;
    this.selectionStart = selectionStart;
    this.selectionEnd = selectionEnd;
    if (text) this.source.client.keep.set(this.#draft, text);
    else this.source.client.keep.remove(this.#draft);
    this.emit("changed");
  }

  attach(file: File, isChecking = false): void {
    this.detach(file, false);
    this.attachedFiles = [...this.attachedFiles, { id: newKey(), file, description: "", isChecking }];
    this.emit("changed");
  }

  /** The file passed the listeners of AttachFile: it may be sent. */
  accept(file: File): void {
    const known = this.attachedFiles.find((one) => one.file === file);
    if (!known) return this.attach(file);
    this.attachedFiles = this.attachedFiles.map((one) => (one === known ? { ...one, isChecking: false } : one));
    this.emit("changed");
  }

  detach(file: File, tells = true): void {
    this.attachedFiles = this.attachedFiles.filter((one) => one.file !== file);
    if (tells) this.emit("changed");
  }

  describe(file: File, description: string): void {
    this.attachedFiles = this.attachedFiles.map((one) => (one.file === file ? { ...one, description } : one));
    this.emit("changed");
  }

  close(): void {
    this.#stop();
    this.removeAllListeners();
  }

  get #draft(): string {
    return `vestibule:draft:${this.source.sid}`;
  }
}

/** The channels that are open, by sid. */
export class Chats {
  #states = new Map<string, ChannelState>();

  open(channel: Channel): ChannelState {
    const known = this.#states.get(channel.sid);
    if (known?.source === channel) return known;
    known?.close();
    const state = new ChannelState(channel);
    this.#states.set(channel.sid, state);
    return state;
  }

  get(sid: string): ChannelState | undefined {
    return this.#states.get(sid);
  }

  close(sid: string): void {
    this.#states.get(sid)?.close();
    this.#states.delete(sid);
  }
}
