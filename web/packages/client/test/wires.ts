// Rows as the server sends them.

import type { WireChannelView, WireMedia, WireMember, WireMessage } from "../src/index";

const WHEN = "2026-11-24T10:00:00Z";

export function aMember(identity: string, rest: Partial<WireMember> = {}): WireMember {
  return {
    sid: `MB${identity}`, service_sid: "IS1", channel_sid: "CH1", identity, role_sid: "RL1", role: "channel user", friendly_name: "",
    attributes: "{}", last_consumed_message_index: null, last_consumption_timestamp: null, date_created: WHEN, date_updated: WHEN, ...rest,
  };
}

export function aMessage(index: number, rest: Partial<WireMessage> = {}): WireMessage {
  return {
    sid: `IM${index}`, service_sid: "IS1", channel_sid: "CH1", index, author: "nora", body: `message ${index}`, attributes: "{}", media: null,
    was_edited: false, last_updated_by: null, date_created: WHEN, date_updated: WHEN, ...rest,
  };
}

export function aMedia(rest: Partial<WireMedia> = {}): WireMedia {
  return {
    sid: "ME1", service_sid: "IS1", channel_sid: "CH1", message_sid: null, author: "nora", filename: "a.jpg", declared_type: "image/jpeg",
    content_type: "image/jpeg", size: 10, state: "clean", reason: "", width: 4, height: 3, duration: null, pages: null, renditions: [], flags: [],
    date_created: WHEN, date_updated: WHEN, ...rest,
  };
}

export function aView(rest: Partial<WireChannelView> = {}): WireChannelView {
  return {
    channel: {
      sid: "CH1", service_sid: "IS1", friendly_name: "", unique_name: null, attributes: "{}", type: "private", created_by: "me", members_count: 1,
      messages_count: 0, last_index: -1, seq: 0, date_ended: null, date_created: WHEN, date_updated: WHEN,
    },
    members: [aMember("me")], messages: [], refusals: [], roles: {}, task: null, seq: 0, ...rest,
  };
}
