-- What Programmable Chat keeps besides: settings, invitations, webhooks, and who caused an event.

ALTER TABLE services ADD COLUMN settings TEXT NOT NULL DEFAULT '{}';
ALTER TABLE members ADD COLUMN notification_level TEXT NOT NULL DEFAULT 'default';
CREATE INDEX media_by_service ON media (service_sid, date_created, sid) WHERE state <> 'gone';

-- A key that another took the place of counts until its last tokens are over.
ALTER TABLE keys ADD COLUMN date_lapses DOUBLE PRECISION;

ALTER TABLE events ADD COLUMN service_sid TEXT NOT NULL DEFAULT '';
ALTER TABLE events ADD COLUMN identity TEXT NOT NULL DEFAULT 'system';
ALTER TABLE events ADD COLUMN source TEXT NOT NULL DEFAULT 'SDK';
ALTER TABLE events ADD COLUMN tells BIGINT NOT NULL DEFAULT 1;
-- Names what is gone, such as a member's identity; never what was said or sent.
ALTER TABLE events ADD COLUMN about TEXT NOT NULL DEFAULT '';

-- What a service's webhook may have missed, at a start.
CREATE INDEX events_by_service ON events (service_sid, date_created);

CREATE TABLE invites (
    sid TEXT PRIMARY KEY,
    service_sid TEXT NOT NULL,
    channel_sid TEXT NOT NULL REFERENCES channels (sid) ON DELETE CASCADE,
    identity TEXT NOT NULL,
    role_sid TEXT NOT NULL REFERENCES roles (sid),
    created_by TEXT NOT NULL,
    date_created DOUBLE PRECISION NOT NULL,
    date_updated DOUBLE PRECISION NOT NULL,
    UNIQUE (channel_sid, identity)
);
CREATE INDEX invites_by_identity ON invites (service_sid, identity);
CREATE INDEX invites_by_role ON invites (role_sid);

-- What a user joined or is invited to.
CREATE VIEW user_channels AS
SELECT m.service_sid, m.channel_sid, u.sid AS user_sid, m.sid AS member_sid, NULL AS invite_sid,
    'joined' AS status,
    m.last_consumed_message_index,
    CASE WHEN m.last_consumed_message_index IS NULL THEN NULL ELSE (
        SELECT count(*) FROM messages e
        WHERE e.channel_sid = m.channel_sid AND e.message_index > m.last_consumed_message_index
    ) END AS unread_messages_count,
    m.notification_level, m.date_created
FROM users u JOIN members m ON m.service_sid = u.service_sid AND m.identity = u.identity
UNION ALL
SELECT i.service_sid, i.channel_sid, u.sid, NULL, i.sid, 'invited', NULL, NULL, 'default', i.date_created
FROM users u JOIN invites i ON i.service_sid = u.service_sid AND i.identity = u.identity
WHERE NOT EXISTS (SELECT 1 FROM members m WHERE m.channel_sid = i.channel_sid AND m.identity = i.identity);

-- Names that senders gave to messages which do not bear them any more: sent again under one, a message is
-- not added again. The SHA-256 only, since a name may say what the message said.
CREATE TABLE spent_keys (
    channel_sid TEXT NOT NULL REFERENCES channels (sid) ON DELETE CASCADE,
    author TEXT NOT NULL,
    digest TEXT NOT NULL,
    message_sid TEXT NOT NULL,
    PRIMARY KEY (channel_sid, author, digest)
);

-- No foreign key to the channel: who wants to hear of its end is told after it.
CREATE TABLE webhooks (
    sid TEXT PRIMARY KEY,
    service_sid TEXT NOT NULL REFERENCES services (sid) ON DELETE CASCADE,
    channel_sid TEXT NOT NULL,
    type TEXT NOT NULL CHECK (type IN ('webhook', 'trigger', 'studio')),
    url TEXT NOT NULL,
    method TEXT NOT NULL CHECK (method IN ('GET', 'POST')),
    filters TEXT NOT NULL DEFAULT '[]',
    triggers TEXT NOT NULL DEFAULT '[]',
    flow_sid TEXT,
    retry_count BIGINT NOT NULL DEFAULT 0,
    date_created DOUBLE PRECISION NOT NULL,
    date_updated DOUBLE PRECISION NOT NULL
);
CREATE INDEX webhooks_by_channel ON webhooks (channel_sid, date_created);

-- How far each target (a service, or a channel's webhook) was told of each stream.
CREATE TABLE webhook_cursors (
    target TEXT NOT NULL,
    stream TEXT NOT NULL,
    seq BIGINT NOT NULL,
    PRIMARY KEY (target, stream)
);

-- Until when a service's webhook was looked after: an older event of a stream without a cursor is not told.
CREATE TABLE webhook_targets (
    target TEXT PRIMARY KEY,
    date_looked DOUBLE PRECISION NOT NULL
);

-- What a target could not be told, until somebody has it tried again.
CREATE TABLE webhook_failures (
    id BIGINT NOT NULL PRIMARY KEY,
    target TEXT NOT NULL,
    stream TEXT NOT NULL,
    seq BIGINT NOT NULL,
    event_type TEXT NOT NULL,
    error TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    again BIGINT NOT NULL DEFAULT 0,
    date_created DOUBLE PRECISION NOT NULL
);
CREATE INDEX webhook_failures_by_target ON webhook_failures (target, id);
