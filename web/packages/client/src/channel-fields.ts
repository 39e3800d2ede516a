import { parseAttributes, type Attributes } from "./attributes";
import { Emitter } from "./emitter";
import type { WireChannel } from "./wire";

/** A channel's own row, read as Programmable Chat names it. */
export class ChannelFields<Events extends { [K in keyof Events]: unknown[] }> extends Emitter<Events> {
  /** @internal */
  protected row: WireChannel;

  constructor(row: WireChannel) {
    super();
    this.row = row;
  }

  get sid(): string {
    return this.row.sid;
  }
  get friendlyName(): string {
    return this.row.friendly_name;
  }
  get uniqueName(): string | null {
    return this.row.unique_name;
  }
  get attributes(): Attributes {
    return parseAttributes(this.row.attributes);
  }
  get createdBy(): string {
    return this.row.created_by;
  }
  get dateCreated(): Date {
    return new Date(this.row.date_created);
  }
  get dateUpdated(): Date {
    return new Date(this.row.date_updated);
  }
  get dateEnded(): Date | null {
    return this.row.date_ended === null ? null : new Date(this.row.date_ended);
  }
  get isEnded(): boolean {
    return this.row.date_ended !== null;
  }
}
