import { parseAttributes, type Attributes } from "./attributes";
import type { Channel } from "./channel";
import type { WireMember } from "./wire";

/** Somebody in a channel. */
export class Member {
  readonly channel: Channel;
  #wire: WireMember;

  constructor(channel: Channel, wire: WireMember) {
    this.channel = channel;
    this.#wire = wire;
  }

  get sid(): string {
    return this.#wire.sid;
  }
  get identity(): string {
    return this.#wire.identity;
  }
  get friendlyName(): string {
    return this.#wire.friendly_name || this.#wire.identity;
  }
  get roleSid(): string {
    return this.#wire.role_sid;
  }
  /** The role's friendly name, such as `blockedUser`. */
  get role(): string {
    return this.#wire.role;
  }
  get isBlocked(): boolean {
    return this.#wire.role === "blockedUser";
  }
  get attributes(): Attributes {
    return parseAttributes(this.#wire.attributes);
  }
  get lastConsumedMessageIndex(): number | null {
    return this.#wire.last_consumed_message_index;
  }
  get lastConsumptionTimestamp(): Date | null {
    const at = this.#wire.last_consumption_timestamp;
    return at === null ? null : new Date(at);
  }
  get isTyping(): boolean {
    return this.channel.typers.has(this.identity);
  }

  /** Takes them out of the channel. */
  async remove(): Promise<void> {
    await this.channel.client.http.delete(this.#path());
  }

  /** Gives another role, by sid or friendly name: `blockedUser` takes the right to send. */
  async updateRole(role: string): Promise<this> {
    this._update(await this.channel.client.http.post<WireMember>(this.#path(), { role }));
    return this;
  }

  block(): Promise<this> {
    return this.updateRole("blockedUser");
  }

  unblock(): Promise<this> {
    return this.updateRole("channel user");
  }

  /** @internal */
  _update(wire: WireMember): void {
    this.#wire = wire;
  }

  #path(): string {
    return `/v1/channels/${this.channel.sid}/members/${this.sid}`;
  }
}
