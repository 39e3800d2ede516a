// What the server sends, field for field as docs/reference/http.md has it. `attributes` is JSON text.

export type MediaState = "received" | "checking" | "clean" | "held" | "refused" | "recalled" | "gone";
export type TaskState = "pending" | "accepted" | "wrapping" | "completed";
export type RenditionName = "safe" | "preview" | "poster" | "original";

export interface WireRendition {
  name: string;
  content_type: string;
  size: number;
  width: number | null;
  height: number | null;
}

export interface WireMedia {
  sid: string;
  service_sid: string;
  channel_sid: string | null;
  message_sid: string | null;
  author: string;
  filename: string;
  declared_type: string;
  content_type: string;
  size: number;
  state: MediaState;
  reason: string;
  width: number | null;
  height: number | null;
  duration: number | null;
  pages: number | null;
  renditions: WireRendition[];
  date_created: string;
  date_updated: string;
}

export interface WireMessage {
  sid: string;
  service_sid: string;
  channel_sid: string;
  index: number;
  author: string;
  body: string;
  attributes: string;
  media: WireMedia | null;
  was_edited: boolean;
  last_updated_by: string | null;
  date_created: string;
  date_updated: string;
}

export interface WireMember {
  sid: string;
  service_sid: string;
  channel_sid: string;
  identity: string;
  role_sid: string;
  role: string;
  friendly_name: string;
  attributes: string;
  last_consumed_message_index: number | null;
  last_consumption_timestamp: string | null;
  date_created: string;
  date_updated: string;
}

export interface WireChannel {
  sid: string;
  service_sid: string;
  friendly_name: string;
  unique_name: string | null;
  attributes: string;
  type: "public" | "private";
  created_by: string;
  members_count: number;
  messages_count: number;
  last_index: number;
  seq: number;
  date_ended: string | null;
  date_created: string;
  date_updated: string;
}

export interface WireTask {
  sid: string;
  service_sid: string;
  channel_sid: string;
  state: TaskState;
  agent: string | null;
  customer: string;
  customer_name: string;
  attributes: string;
  date_created: string;
  date_updated: string;
  date_accepted: string | null;
}

export interface WireTaskRow extends WireTask {
  last_sid: string;
  last_body: string;
  last_author: string;
  last_date: string | null;
  last_index: number;
  unread_count: number;
  has_media: boolean;
  seq: number;
}

export interface WireUser {
  sid: string;
  service_sid: string;
  identity: string;
  friendly_name: string;
  attributes: string;
  role_sid: string;
  date_created: string;
  date_updated: string;
}

export interface WireRefusal {
  reason: string;
  to_sender: string;
  to_others: string;
  advice: string;
}

export interface WireNotAccepted {
  media: WireMedia;
  refusal: WireRefusal;
  date: string;
}

export interface WireVerdict {
  outcome: string;
  check: string;
  reason: string;
  detail: string;
  version: string;
  policy: string;
  milliseconds: number;
  date_created: string;
}

export type StepKind = "received" | "cleared" | "held" | "refused" | "reviewed" | "sent" | "recalled" | "gone";

/** `GET /v1/media/{ME}/timeline`. Who may not review gets neither verdicts nor votes nor names. */
export interface WireTimeline {
  media: WireMedia;
  refusal: WireRefusal | null;
  verdicts: WireVerdict[];
  steps: { kind: StepKind; date: string; by: string }[];
  awaited: { check: string; date_created: string; date_expires: string }[];
  openings?: { identity: string; rendition: string; date_first: string; date_last: string; times: number }[];
}

export interface WireChannelView {
  channel: WireChannel;
  members: WireMember[];
  messages: WireMessage[];
  refusals: WireNotAccepted[];
  roles: Record<string, string>;
  task?: WireTask | null;
  seq: number;
}

export interface WireLink {
  media_sid: string;
  rendition: string;
  url: string;
  content_type: string;
  date_expires: string;
}

export interface WireError {
  code: number;
  message: string;
  more_info?: string;
  status: number;
  reason: string;
  advice?: string;
  details?: Record<string, unknown>;
}

/** An entry of a stream's log. `seq` is gapless within its stream. */
export interface WireEvent {
  kind: string;
  stream: string;
  seq: number;
  sid: string;
  message?: WireMessage | null;
  member?: WireMember | null;
  channel?: WireChannel | null;
  media?: WireMedia | null;
  refusal?: WireRefusal | null;
  task?: WireTask | null;
}

/** Told once and not kept. */
export interface WirePassing {
  kind: "Typing" | "Sending";
  stream: string;
  identity: string;
  media_sid?: string;
  done?: boolean;
}

/** `GET /v1/site`. */
export interface Site {
  team: string;
  greeting: string;
  reply_minutes: number | null;
  accent: string;
  languages: string[];
  ask_name: boolean;
  ask_email: boolean;
  files: { max_bytes: number; accept: string[]; words: string };
}

/** `POST /v1/chats` and `POST /v1/chats/resume`. */
export interface StartedChat {
  identity: string;
  service_sid: string;
  channel_sid: string;
  task_sid: string;
  token: string;
  expires: string;
  resume: string;
}

/** `GET /v1/session`, for agents. */
export interface DeskSession {
  identity: string;
  friendly_name: string;
  service_sid: string;
  user_sid: string;
  csrf: string;
  token: string;
  expires: string;
  permissions: string[];
}
