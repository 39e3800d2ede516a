import type { Channel } from "./channel";
import { Member } from "./member";
import type { WireEvent, WireMember } from "./wire";

/** Who is in a channel, and the names of those who were. */
export class Roster {
  #channel: Channel;
  #members = new Map<string, Member>();
  #former = new Map<string, Member>();

  constructor(channel: Channel, members: WireMember[]) {
    this.#channel = channel;
    for (const wire of members) this.#members.set(wire.identity, new Member(channel, wire));
  }

  get all(): Member[] {
    return [...this.#members.values()];
  }

  get(identity: string): Member | undefined {
    return this.#members.get(identity);
  }

  nameOf(identity: string): string {
    return (this.get(identity) ?? this.#former.get(identity))?.friendlyName ?? identity;
  }

  hear(event: WireEvent): void {
    if (event.kind === "MemberRemoved") this.#left(event.sid);
    else if (event.member) this.#take(event.member);
  }

  #take(wire: WireMember): void {
    const known = this.get(wire.identity);
    known?._update(wire);
    const member = known ?? new Member(this.#channel, wire);
    this.#members.set(wire.identity, member);
    this.#channel.emit(known ? "memberUpdated" : "memberJoined", member);
  }

  #left(sid: string): void {
    const member = this.all.find((one) => one.sid === sid);
    if (!member) return;
    this.#members.delete(member.identity);
    this.#former.set(member.identity, member);
    this.#channel.emit("memberLeft", member);
  }
}
