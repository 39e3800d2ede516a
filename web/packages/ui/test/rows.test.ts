import { describe, expect, it } from "vitest";
import { Channel, type Client, type Upload, type WireMessage, type WireNotAccepted } from "@vestibule/client";
import { rowsOf } from "../src/index";
import { aMedia, aMessage, aView } from "../../client/test/wires";

const client = { identity: "me", outbox: { of: () => [] }, keep: { get: () => null } } as unknown as Client;
const at = (minutes: number) => new Date(Date.UTC(2026, 10, 24, 10, minutes)).toISOString();
const said = (index: number, author: string, minutes: number, rest: Partial<WireMessage> = {}) => aMessage(index, { author, date_created: at(minutes), ...rest });

function channelOf(messages: WireMessage[], refusals: WireNotAccepted[] = []): Channel {
  return new Channel(client, aView({ messages, refusals }));
}

const refusal = { reason: "type_mismatch", to_sender: "Not what its name says.", to_others: "A file was not accepted.", advice: "" };
const refused = (author: string, minutes: number) => ({ media: aMedia({ sid: `ME${author}`, author, state: "refused" }), refusal, date: at(minutes) });

describe("messages", () => {
  it("of one person within two minutes form a group", () => {
    const rows = rowsOf(channelOf([said(0, "nora", 0), said(1, "nora", 1), said(2, "me", 1), said(3, "nora", 4)]));
    const groups = rows.flatMap((row) => (row.kind === "message" ? [[row.startsGroup, row.endsGroup]] : []));
    expect(groups).toEqual([[true, false], [false, true], [true, true], [true, true]]);
  });

  it("of another day stand under its name", () => {
    const rows = rowsOf(channelOf([said(0, "nora", 0), said(1, "nora", 60 * 40)]));
    expect(rows.map((row) => row.kind)).toEqual(["day", "message", "day", "message"]);
  });

  it("that are missing were deleted, and that is said once", () => {
    const rows = rowsOf(channelOf([said(0, "nora", 0), said(3, "nora", 1)]));
    expect(rows.filter((row) => row.kind === "removed")).toMatchObject([{ count: 2 }]);
  });
});

describe("a refused file", () => {
  it("stands where it was tried, as one's own or as another's", () => {
    const channel = channelOf([said(0, "nora", 0), said(1, "nora", 9)], [refused("me", 5), refused("nora", 6)]);
    const rows = rowsOf(channel);
    expect(rows.map((row) => row.kind)).toEqual(["day", "message", "notAccepted", "notAccepted", "message"]);
    expect(rows.flatMap((row) => (row.kind === "notAccepted" ? [row.isMine] : []))).toEqual([true, false]);
  });

  it("is not shown beside its message, which says so itself", () => {
    const media = aMedia({ author: "nora", state: "recalled", message_sid: "IM0" });
    const channel = channelOf([said(0, "nora", 0, { media })], [{ media, refusal, date: at(1) }]);
    expect(rowsOf(channel).map((row) => row.kind)).toEqual(["day", "message"]);
  });

  it("is shown once when its upload's card already says so", () => {
    const channel = channelOf([said(0, "nora", 0)], [refused("me", 5)]);
    channel._uploads.all = [{ id: "u", mediaSid: "MEme", state: "refused", date: Date.parse(at(5)), _is: () => true } as unknown as Upload];
    expect(rowsOf(channel).map((row) => row.kind)).toEqual(["day", "message", "upload"]);
  });
});
