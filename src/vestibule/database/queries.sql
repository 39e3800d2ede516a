-- Every statement of the house, by noun. The same file runs on SQLite and PostgreSQL.
-- What a query gives is a row of the model named beside it in the code, column by column.


-- Permissions

-- name: grants
-- What the roles of an identity give: its service role, and its channel role where it is a member.
-- One row, always: it is asked before everything else. In a channel of another service, nothing.
SELECT
    (SELECT r.permissions
     FROM users u JOIN roles r ON r.sid = u.role_sid
     WHERE u.service_sid = :service_sid AND u.identity = :identity
       AND (:channel_sid = '' OR EXISTS (
            SELECT 1 FROM channels c WHERE c.sid = :channel_sid AND c.service_sid = :service_sid))
    ) AS service,
    (SELECT r.permissions
     FROM members m JOIN roles r ON r.sid = m.role_sid
     WHERE m.channel_sid = :channel_sid AND m.identity = :identity AND m.service_sid = :service_sid
    ) AS channel;

-- name: grants_somewhere
-- The same over every channel of an identity, for what is not in a channel yet.
SELECT r.permissions AS service, NULL AS channel
FROM users u JOIN roles r ON r.sid = u.role_sid
WHERE u.service_sid = :service_sid AND u.identity = :identity
UNION
SELECT r.permissions AS service, NULL AS channel
FROM members m JOIN roles r ON r.sid = m.role_sid
WHERE m.service_sid = :service_sid AND m.identity = :identity;

-- name: role_of
-- The name of the role that an identity acts with: its channel's, else its service's.
SELECT r.friendly_name
FROM users u
LEFT JOIN members m ON m.service_sid = u.service_sid AND m.identity = u.identity
    AND m.channel_sid = :channel_sid
JOIN roles r ON r.sid = coalesce(m.role_sid, u.role_sid)
WHERE u.service_sid = :service_sid AND u.identity = :identity;


-- Services

-- name: add_service!
INSERT INTO services (
    sid, friendly_name, default_service_role_sid, default_channel_role_sid,
    default_channel_creator_role_sid, date_created, date_updated
) VALUES (
    :sid, :friendly_name, :default_service_role_sid, :default_channel_role_sid,
    :default_channel_creator_role_sid, :now, :now
);

-- name: service_by_sid
SELECT * FROM services WHERE sid = :sid;

-- name: services
SELECT * FROM services ORDER BY date_created, sid;

-- name: services_after
-- A page of them, after the row of a date and sid.
SELECT * FROM services WHERE (date_created, sid) > (:date, :sid)
ORDER BY date_created, sid LIMIT :limit;

-- name: services_before
-- The nearest first.
SELECT * FROM services WHERE (date_created, sid) < (:date, :sid)
ORDER BY date_created DESC, sid DESC LIMIT :limit;

-- name: first_service
-- The house's own: where visitors arrive. It is never deleted, so it stays the oldest.
SELECT * FROM services ORDER BY date_created, sid LIMIT 1;

-- name: set_service!
UPDATE services SET friendly_name = :friendly_name, default_service_role_sid = :default_service_role_sid,
    default_channel_role_sid = :default_channel_role_sid,
    default_channel_creator_role_sid = :default_channel_creator_role_sid, settings = :settings,
    date_updated = :now
WHERE sid = :sid;

-- name: delete_service!
-- Roles, users, channels, and what is theirs, go with it.
DELETE FROM services WHERE sid = :service_sid;

-- name: media_of_service
-- Whatever still has bytes.
SELECT * FROM media WHERE service_sid = :service_sid AND (state <> 'gone' OR erased = 0);

-- name: delete_bans_of_service!
DELETE FROM bans WHERE service_sid = :service_sid;

-- name: delete_events_of_service!
DELETE FROM events WHERE stream = :service_sid
    OR stream IN (SELECT sid FROM channels WHERE service_sid = :service_sid)
    OR stream IN (SELECT sid FROM users WHERE service_sid = :service_sid);

-- name: delete_webhook_places_of_service!
DELETE FROM webhook_cursors WHERE target = :service_sid
    OR target IN (SELECT sid FROM webhooks WHERE service_sid = :service_sid);

-- name: delete_webhook_target_of_service!
DELETE FROM webhook_targets WHERE target = :service_sid;

-- name: delete_webhook_failures_of_service!
DELETE FROM webhook_failures WHERE target = :service_sid
    OR target IN (SELECT sid FROM webhooks WHERE service_sid = :service_sid);


-- Roles

-- name: add_role!
INSERT INTO roles (sid, service_sid, friendly_name, type, permissions, date_created, date_updated)
VALUES (:sid, :service_sid, :friendly_name, :type, :permissions, :now, :now);

-- name: role_by_sid
SELECT * FROM roles WHERE service_sid = :service_sid AND sid = :sid;

-- name: role_by_name
SELECT * FROM roles WHERE service_sid = :service_sid AND friendly_name = :friendly_name
ORDER BY date_created LIMIT 1;

-- name: roles
SELECT * FROM roles WHERE service_sid = :service_sid ORDER BY date_created, sid;

-- name: roles_after
-- A page of them, after the row of a date and sid.
SELECT * FROM roles WHERE service_sid = :service_sid AND (date_created, sid) > (:date, :sid)
ORDER BY date_created, sid LIMIT :limit;

-- name: roles_before
-- The nearest first.
SELECT * FROM roles WHERE service_sid = :service_sid AND (date_created, sid) < (:date, :sid)
ORDER BY date_created DESC, sid DESC LIMIT :limit;

-- name: set_role_permissions!
UPDATE roles SET permissions = :permissions, date_updated = :now
WHERE service_sid = :service_sid AND sid = :sid;

-- name: delete_role!
DELETE FROM roles WHERE service_sid = :service_sid AND sid = :sid;

-- name: role_holders
SELECT (SELECT count(*) FROM users WHERE role_sid = :sid)
     + (SELECT count(*) FROM members WHERE role_sid = :sid)
     + (SELECT count(*) FROM invites WHERE role_sid = :sid)
     + (SELECT count(*) FROM services WHERE :sid IN (
            default_service_role_sid, default_channel_role_sid, default_channel_creator_role_sid));


-- Users

-- name: add_user!
INSERT INTO users (
    sid, service_sid, identity, friendly_name, attributes, role_sid, date_created, date_updated
) VALUES (:sid, :service_sid, :identity, :friendly_name, :attributes, :role_sid, :now, :now)
ON CONFLICT (service_sid, identity) DO NOTHING;

-- name: user_by_identity
SELECT u.*, (SELECT count(*) FROM members m
    WHERE m.service_sid = u.service_sid AND m.identity = u.identity) AS joined_channels_count
FROM users u WHERE u.service_sid = :service_sid AND u.identity = :identity;

-- name: user_by_sid
SELECT u.*, (SELECT count(*) FROM members m
    WHERE m.service_sid = u.service_sid AND m.identity = u.identity) AS joined_channels_count
FROM users u WHERE u.service_sid = :service_sid AND u.sid = :sid;

-- name: users_after
-- A page of them, after the row of a date and sid.
SELECT u.*, (SELECT count(*) FROM members m
    WHERE m.service_sid = u.service_sid AND m.identity = u.identity) AS joined_channels_count
FROM users u
WHERE u.service_sid = :service_sid AND (u.date_created, u.sid) > (:date, :sid)
ORDER BY u.date_created, u.sid LIMIT :limit;

-- name: users_before
-- The nearest first.
SELECT u.*, (SELECT count(*) FROM members m
    WHERE m.service_sid = u.service_sid AND m.identity = u.identity) AS joined_channels_count
FROM users u
WHERE u.service_sid = :service_sid AND (u.date_created, u.sid) < (:date, :sid)
ORDER BY u.date_created DESC, u.sid DESC LIMIT :limit;

-- name: users_with_role
SELECT u.* FROM users u JOIN roles r ON r.sid = u.role_sid
WHERE u.service_sid = :service_sid AND r.friendly_name = :role ORDER BY u.identity;

-- name: set_user!
UPDATE users SET friendly_name = :friendly_name, attributes = :attributes, role_sid = :role_sid,
    date_updated = :now
WHERE service_sid = :service_sid AND sid = :sid;

-- name: delete_user!
-- Password and sessions go with it.
DELETE FROM users WHERE service_sid = :service_sid AND sid = :sid;

-- name: members_of_user
SELECT m.*, r.friendly_name AS role, '' AS friendly_name
FROM members m JOIN roles r ON r.sid = m.role_sid
WHERE m.service_sid = :service_sid AND m.identity = :identity ORDER BY m.date_created, m.sid;

-- name: delete_invites_of_user!
DELETE FROM invites WHERE service_sid = :service_sid AND identity = :identity;

-- name: user_channels_after
-- What a user joined or is invited to: a page of it, after the row of a date and the sid of a channel.
SELECT * FROM user_channels WHERE user_sid = :user_sid AND (date_created, channel_sid) > (:date, :sid)
ORDER BY date_created, channel_sid LIMIT :limit;

-- name: user_channels_before
-- The nearest first.
SELECT * FROM user_channels WHERE user_sid = :user_sid AND (date_created, channel_sid) < (:date, :sid)
ORDER BY date_created DESC, channel_sid DESC LIMIT :limit;

-- name: user_channel
SELECT * FROM user_channels WHERE user_sid = :user_sid AND channel_sid = :channel_sid;

-- name: set_notification_level!
UPDATE members SET notification_level = :level, date_updated = :now WHERE sid = :sid;

-- name: set_password!
INSERT INTO passwords (user_sid, hash, date_updated) VALUES (:user_sid, :hash, :now)
ON CONFLICT (user_sid) DO UPDATE SET hash = excluded.hash, date_updated = excluded.date_updated;

-- name: password_hash
SELECT p.hash FROM passwords p JOIN users u ON u.sid = p.user_sid
WHERE u.service_sid = :service_sid AND u.identity = :identity;


-- Sessions

-- name: add_session!
INSERT INTO sessions (hash, user_sid, date_created, date_expires)
VALUES (:hash, :user_sid, :now, :date_expires);

-- name: session
SELECT s.user_sid, u.service_sid, r.permissions, s.date_expires
FROM sessions s JOIN users u ON u.sid = s.user_sid JOIN roles r ON r.sid = u.role_sid
WHERE s.hash = :hash AND s.date_expires > :now;

-- name: end_session!
DELETE FROM sessions WHERE hash = :hash;

-- name: end_sessions_of!
DELETE FROM sessions WHERE user_sid = :user_sid;

-- name: sweep_sessions!
DELETE FROM sessions WHERE date_expires <= :now;


-- Keys

-- name: add_key!
INSERT INTO keys (sid, secret, friendly_name, date_created, date_lapses)
VALUES (:sid, :secret, :friendly_name, :now, :date_lapses);

-- name: key_by_sid
SELECT * FROM keys
WHERE sid = :sid AND date_revoked IS NULL AND (date_lapses IS NULL OR date_lapses > :now);

-- name: is_key_known
SELECT 1 FROM keys WHERE sid = :sid;

-- name: keys
SELECT sid, '' AS secret, friendly_name, date_created, date_revoked, date_lapses
FROM keys ORDER BY date_created, sid;

-- name: revoke_key!
UPDATE keys SET date_revoked = :now WHERE sid = :sid AND date_revoked IS NULL;


-- Channels

-- name: add_channel!
INSERT INTO channels (
    sid, service_sid, friendly_name, unique_name, attributes, type, created_by, date_created, date_updated
) VALUES (
    :sid, :service_sid, :friendly_name, :unique_name, :attributes, :type, :created_by, :now, :now
);

-- name: import_channel!
-- What is brought here from elsewhere.
UPDATE channels SET created_by = coalesce(:created_by, created_by),
    date_created = coalesce(:date_created, date_created), date_updated = coalesce(:date_updated, date_updated)
WHERE sid = :sid;

-- name: channel_by_sid
SELECT c.*, coalesce((SELECT max(e.seq) FROM events e WHERE e.stream = c.sid), 0) AS seq,
    (SELECT m.sid FROM messages m WHERE m.channel_sid = c.sid
     ORDER BY m.message_index DESC LIMIT 1) AS last_message_sid
FROM channels c WHERE c.service_sid = :service_sid AND c.sid = :sid;

-- name: channel_sid_by_name
SELECT sid FROM channels WHERE service_sid = :service_sid AND unique_name = :unique_name;

-- name: channels_after
-- All of them (empty `identity`), or those that somebody may see.
SELECT c.*, coalesce((SELECT max(e.seq) FROM events e WHERE e.stream = c.sid), 0) AS seq,
    (SELECT m.sid FROM messages m WHERE m.channel_sid = c.sid
     ORDER BY m.message_index DESC LIMIT 1) AS last_message_sid
FROM channels c
WHERE c.service_sid = :service_sid AND (c.date_created, c.sid) > (:date, :sid)
  AND (:type = '' OR c.type = :type)
  AND (:identity = '' OR c.type = 'public'
    OR EXISTS (SELECT 1 FROM members m WHERE m.channel_sid = c.sid AND m.identity = :identity)
    OR EXISTS (SELECT 1 FROM invites i WHERE i.channel_sid = c.sid AND i.identity = :identity))
ORDER BY c.date_created, c.sid LIMIT :limit;

-- name: channels_before
-- The nearest first.
SELECT c.*, coalesce((SELECT max(e.seq) FROM events e WHERE e.stream = c.sid), 0) AS seq,
    (SELECT m.sid FROM messages m WHERE m.channel_sid = c.sid
     ORDER BY m.message_index DESC LIMIT 1) AS last_message_sid
FROM channels c
WHERE c.service_sid = :service_sid AND (c.date_created, c.sid) < (:date, :sid)
  AND (:type = '' OR c.type = :type)
  AND (:identity = '' OR c.type = 'public'
    OR EXISTS (SELECT 1 FROM members m WHERE m.channel_sid = c.sid AND m.identity = :identity)
    OR EXISTS (SELECT 1 FROM invites i WHERE i.channel_sid = c.sid AND i.identity = :identity))
ORDER BY c.date_created DESC, c.sid DESC LIMIT :limit;

-- name: channels_of
SELECT c.*, coalesce((SELECT max(e.seq) FROM events e WHERE e.stream = c.sid), 0) AS seq
FROM channels c JOIN members m ON m.channel_sid = c.sid
WHERE m.service_sid = :service_sid AND m.identity = :identity
ORDER BY c.date_created DESC, c.sid LIMIT :limit;

-- name: set_channel!
UPDATE channels SET friendly_name = :friendly_name, unique_name = :unique_name,
    attributes = :attributes, date_updated = :now
WHERE service_sid = :service_sid AND sid = :sid;

-- name: end_channel!
UPDATE channels SET date_ended = :now, date_updated = :now
WHERE service_sid = :service_sid AND sid = :sid AND date_ended IS NULL;

-- name: channel_door
-- Who may come in, and as what.
SELECT type, created_by FROM channels WHERE service_sid = :service_sid AND sid = :sid;

-- name: last_index
SELECT last_index FROM channels WHERE sid = :sid;

-- name: count_member!
UPDATE channels SET members_count = members_count + :step WHERE sid = :sid;

-- name: delete_channel!
DELETE FROM channels WHERE service_sid = :service_sid AND sid = :sid;


-- Members

-- name: add_member!
INSERT INTO members (
    sid, service_sid, channel_sid, identity, role_sid, attributes, date_created, date_updated
) VALUES (:sid, :service_sid, :channel_sid, :identity, :role_sid, :attributes, :now, :now)
ON CONFLICT (channel_sid, identity) DO NOTHING;

-- name: member
-- By sid or by identity.
SELECT m.*, r.friendly_name AS role, coalesce(u.friendly_name, '') AS friendly_name
FROM members m JOIN roles r ON r.sid = m.role_sid
LEFT JOIN users u ON u.service_sid = m.service_sid AND u.identity = m.identity
WHERE m.channel_sid = :channel_sid AND m.service_sid = :service_sid
  AND (m.sid = :member OR m.identity = :member);

-- name: members
SELECT m.*, r.friendly_name AS role, coalesce(u.friendly_name, '') AS friendly_name
FROM members m JOIN roles r ON r.sid = m.role_sid
LEFT JOIN users u ON u.service_sid = m.service_sid AND u.identity = m.identity
WHERE m.channel_sid = :channel_sid AND m.service_sid = :service_sid
ORDER BY m.date_created, m.sid;

-- name: members_after
SELECT m.*, r.friendly_name AS role, coalesce(u.friendly_name, '') AS friendly_name
FROM members m JOIN roles r ON r.sid = m.role_sid
LEFT JOIN users u ON u.service_sid = m.service_sid AND u.identity = m.identity
WHERE m.channel_sid = :channel_sid AND m.service_sid = :service_sid
  AND (m.date_created, m.sid) > (:date, :sid)
ORDER BY m.date_created, m.sid LIMIT :limit;

-- name: members_before
-- The nearest first.
SELECT m.*, r.friendly_name AS role, coalesce(u.friendly_name, '') AS friendly_name
FROM members m JOIN roles r ON r.sid = m.role_sid
LEFT JOIN users u ON u.service_sid = m.service_sid AND u.identity = m.identity
WHERE m.channel_sid = :channel_sid AND m.service_sid = :service_sid
  AND (m.date_created, m.sid) < (:date, :sid)
ORDER BY m.date_created DESC, m.sid DESC LIMIT :limit;

-- name: set_member!
UPDATE members SET role_sid = :role_sid, attributes = :attributes, date_updated = :now WHERE sid = :sid;

-- name: mark_member!
-- As the system says, also backwards.
UPDATE members SET last_consumed_message_index = :index, last_consumption_timestamp = :timestamp
WHERE sid = :sid;

-- name: import_member!
-- Who is brought here from elsewhere.
UPDATE members SET date_created = coalesce(:date_created, date_created),
    date_updated = coalesce(:date_updated, date_updated)
WHERE sid = :sid;

-- name: taken
-- How much of its limits a channel and a user have taken.
SELECT (SELECT members_count FROM channels WHERE sid = :channel_sid) AS members,
    (SELECT count(*) FROM members WHERE service_sid = :service_sid AND identity = :identity) AS channels;

-- name: set_read_mark!
UPDATE members SET last_consumed_message_index = :index, last_consumption_timestamp = :now
WHERE channel_sid = :channel_sid AND service_sid = :service_sid AND identity = :identity
  AND coalesce(last_consumed_message_index, -1) < :index;

-- name: delete_member!
DELETE FROM members WHERE sid = :sid;


-- Invites

-- name: add_invite!
INSERT INTO invites (
    sid, service_sid, channel_sid, identity, role_sid, created_by, date_created, date_updated
) VALUES (:sid, :service_sid, :channel_sid, :identity, :role_sid, :created_by, :now, :now)
ON CONFLICT (channel_sid, identity) DO NOTHING;

-- name: invite_by_sid
SELECT * FROM invites WHERE service_sid = :service_sid AND channel_sid = :channel_sid AND sid = :sid;

-- name: invite_of
SELECT * FROM invites
WHERE service_sid = :service_sid AND channel_sid = :channel_sid AND identity = :identity;

-- name: invites
SELECT * FROM invites WHERE service_sid = :service_sid AND channel_sid = :channel_sid
ORDER BY date_created, sid;

-- name: invites_after
SELECT * FROM invites WHERE service_sid = :service_sid AND channel_sid = :channel_sid
  AND (date_created, sid) > (:date, :sid)
ORDER BY date_created, sid LIMIT :limit;

-- name: invites_before
-- The nearest first.
SELECT * FROM invites WHERE service_sid = :service_sid AND channel_sid = :channel_sid
  AND (date_created, sid) < (:date, :sid)
ORDER BY date_created DESC, sid DESC LIMIT :limit;

-- name: delete_invite!
DELETE FROM invites WHERE sid = :sid;


-- Messages

-- name: next_index
-- The next message of a channel; no row where there is no such channel.
UPDATE channels SET last_index = last_index + 1, messages_count = messages_count + 1
WHERE sid = :sid AND service_sid = :service_sid
RETURNING last_index, date_ended;

-- name: add_message!
INSERT INTO messages (
    sid, service_sid, channel_sid, message_index, author, body, attributes, has_media, idempotency_key,
    date_created, date_updated
) VALUES (
    :sid, :service_sid, :channel_sid, :index, :author, :body, :attributes, :has_media, :key, :now, :now
);

-- name: import_message!
-- What is brought here from elsewhere.
UPDATE messages SET last_updated_by = coalesce(:last_updated_by, last_updated_by),
    date_created = coalesce(:date_created, date_created), date_updated = coalesce(:date_updated, date_updated)
WHERE sid = :sid;

-- name: message_sid_by_key
-- Also of a message that is gone, or bears another's name by now.
SELECT sid FROM messages WHERE channel_sid = :channel_sid AND author = :author AND idempotency_key = :key
UNION ALL
SELECT message_sid FROM spent_keys
WHERE channel_sid = :channel_sid AND author = :author AND digest = :digest
LIMIT 1;

-- name: message_key
SELECT idempotency_key FROM messages WHERE sid = :sid;

-- name: spend_key!
INSERT INTO spent_keys (channel_sid, author, digest, message_sid)
VALUES (:channel_sid, :author, :digest, :message_sid) ON CONFLICT DO NOTHING;

-- name: message_by_sid
SELECT m.*, m.message_index AS "index" FROM messages m
WHERE m.service_sid = :service_sid AND m.channel_sid = :channel_sid AND m.sid = :sid;

-- name: messages_before
SELECT m.*, m.message_index AS "index" FROM messages m
WHERE m.service_sid = :service_sid AND m.channel_sid = :channel_sid AND m.message_index < :before
ORDER BY m.message_index DESC LIMIT :limit;

-- name: messages_after
SELECT m.*, m.message_index AS "index" FROM messages m
WHERE m.service_sid = :service_sid AND m.channel_sid = :channel_sid AND m.message_index > :after
ORDER BY m.message_index LIMIT :limit;

-- name: set_message!
UPDATE messages SET body = :body, attributes = :attributes, was_edited = 1,
    last_updated_by = :last_updated_by, date_updated = :now,
    idempotency_key = CASE WHEN author = :author THEN idempotency_key END, author = :author
WHERE sid = :sid;

-- name: delete_message!
DELETE FROM messages WHERE sid = :sid;

-- name: count_message!
UPDATE channels SET messages_count = messages_count + :step WHERE sid = :sid;


-- Media

-- name: add_media!
INSERT INTO media (
    sid, service_sid, channel_sid, message_sid, author, filename, raw_filename, declared_type,
    content_type, size, sha256, state, reason, date_created, date_updated
) VALUES (
    :sid, :service_sid, :channel_sid, NULL, :author, :filename, :raw_filename, :declared_type,
    :declared_type, 0, '', 'received', '', :now, :now
);

-- name: media_by_sid
SELECT * FROM media WHERE service_sid = :service_sid AND sid = :sid;

-- name: media_page
SELECT * FROM media WHERE service_sid = :service_sid AND state <> 'gone'
  AND (date_created, sid) > (:after_date, :after_sid)
ORDER BY date_created, sid LIMIT :limit;

-- name: media_of_message
SELECT * FROM media WHERE message_sid = :message_sid;

-- name: media_of_messages
-- The files of the messages in a span of a channel.
SELECT me.* FROM media me JOIN messages m ON m.sid = me.message_sid
WHERE m.channel_sid = :channel_sid AND m.message_index BETWEEN :first AND :last AND m.has_media = 1;

-- name: media_of_channel
SELECT * FROM media WHERE service_sid = :service_sid AND channel_sid = :channel_sid ORDER BY date_created;

-- name: media_not_accepted
SELECT * FROM media WHERE service_sid = :service_sid AND channel_sid = :channel_sid
  AND state IN ('refused', 'held', 'recalled') ORDER BY date_created DESC LIMIT :limit;

-- name: media_of_author
SELECT * FROM media WHERE service_sid = :service_sid AND author = :author
  AND message_sid IS NOT NULL AND state = 'clean' ORDER BY date_created DESC LIMIT :limit;

-- name: media_received!
-- The last byte came. Compare and set: a file that was taken back meanwhile stays gone.
UPDATE media SET state = 'checking', size = :size, sha256 = :sha256, content_type = :content_type,
    author = :author, date_updated = :now
WHERE sid = :sid AND state = 'received';

-- name: media_judged!
-- Compare and set: deletion during a check cannot be undone by the check. A file that goes on being held
-- for the same reason keeps its date: its deadline counts from there.
UPDATE media SET state = :state, reason = :reason, width = :width, height = :height,
    duration = :duration, pages = :pages, renditions = :renditions, content_type = :content_type,
    flags = :flags,
    date_updated = CASE WHEN :state = 'held' AND reason = :reason THEN date_updated ELSE :now END
WHERE sid = :sid AND state IN ('received', 'checking', 'held');

-- name: claim_media!
-- One condition: the same identity's (or, sent by the system, of whom it writes for), of this channel or
-- loose, clean, and not yet sent.
UPDATE media SET message_sid = :message_sid, channel_sid = :channel_sid, date_updated = :now
WHERE sid = :sid AND service_sid = :service_sid AND author IN (:identity, :author) AND message_sid IS NULL
  AND state = 'clean' AND (channel_sid = :channel_sid OR channel_sid IS NULL);

-- name: sent_of_late
-- What counts against a quota. The bytes of a file are known once it has arrived.
SELECT
    count(CASE WHEN date_created > :minute THEN 1 END) AS files,
    min(CASE WHEN date_created > :minute THEN date_created END) AS oldest_of_minute,
    coalesce(sum(size), 0) AS size,
    min(date_created) AS oldest_of_day,
    count(CASE WHEN state = 'received' THEN 1 END) AS arriving
FROM media WHERE service_sid = :service_sid AND author = :author AND date_created > :day;

-- name: media_gone!
UPDATE media SET state = 'gone', filename = '', raw_filename = '', sha256 = '', renditions = '[]',
    date_updated = :now
WHERE sid = :sid AND state <> 'gone';

-- name: media_erased!
UPDATE media SET erased = 1, original_since = NULL WHERE sid = :sid;

-- name: media_unfinished
SELECT * FROM media WHERE state IN ('received', 'checking') ORDER BY date_created;

-- name: media_unerased
SELECT * FROM media WHERE state IN ('refused', 'recalled', 'gone') AND erased = 0;

-- name: media_state
SELECT state FROM media WHERE sid = :sid;

-- name: media_raw
-- What checks see and nobody else.
SELECT raw_filename, sha256 FROM media WHERE sid = :sid;

-- name: take_back_media!
-- Compare and set: of a file that a message claims meanwhile, one of the two fails.
UPDATE media SET state = 'gone', filename = '', raw_filename = '', sha256 = '', renditions = '[]',
    date_updated = :now
WHERE sid = :sid AND service_sid = :service_sid AND message_sid IS NULL AND state <> 'gone';

-- name: media_unclaimed
-- Uploads that no message took, and broken ones that nobody finished.
SELECT * FROM media WHERE message_sid IS NULL AND date_updated < :before
  AND state IN ('clean', 'received') ORDER BY date_created LIMIT 1000;

-- name: media_overdue
-- Held files whose deadline has passed.
SELECT * FROM media WHERE state = 'held' AND date_updated < :before ORDER BY date_created LIMIT 1000;

-- name: media_waiting
-- Files that are held because a check was silent, and whose turn it is to be asked about again.
SELECT * FROM media WHERE state = 'held' AND reason = 'check_waiting' AND date_retry <= :now
ORDER BY date_retry LIMIT :limit;

-- name: retry_media!
-- Compare and set: by whoever changed the row. Half a minute, two minutes, ... an hour between the tries.
UPDATE media SET state = 'checking', tries = tries + 1,
    date_retry = :now + CASE WHEN tries < 10 THEN 30 * (tries + 1) * (tries + 1) ELSE 3600 END
WHERE sid = :sid AND state = 'held' AND reason = 'check_waiting' AND date_retry <= :now;

-- name: media_judged_lately
-- What is kept of files, with the name of the role that their author has there now.
SELECT me.sid, me.raw_filename AS filename, me.declared_type, me.content_type, me.size, me.state, me.reason,
    me.date_created, coalesce(r.friendly_name, '') AS role
FROM media me
LEFT JOIN users u ON u.service_sid = me.service_sid AND u.identity = me.author
LEFT JOIN members m ON m.channel_sid = me.channel_sid AND m.identity = me.author
LEFT JOIN roles r ON r.sid = coalesce(m.role_sid, u.role_sid)
WHERE me.service_sid = :service_sid AND me.state IN ('clean', 'held', 'refused', 'recalled')
ORDER BY me.date_created DESC LIMIT :limit;

-- name: add_verdict!
INSERT INTO verdicts (
    media_sid, position, check_name, outcome, reason, detail, version, policy, milliseconds, date_created
) VALUES (
    :media_sid,
    (SELECT coalesce(max(v.position), 0) + 1 FROM verdicts v WHERE v.media_sid = :media_sid),
    :check, :outcome, :reason, :detail, :version, :policy, :milliseconds, :now
);

-- name: verdicts
SELECT v.*, v.check_name AS "check" FROM verdicts v WHERE v.media_sid = :media_sid ORDER BY v.position;


-- Timelines

-- name: steps
-- What became of a file, from its record, its events and its message. Of one moment, in the order of `place`.
SELECT s.kind, s.date, s."by" FROM (
    SELECT 'received' AS kind, date_created AS date, author AS "by", 0 AS place FROM media WHERE sid = :sid
    UNION ALL
    SELECT 'reviewed', date_created, version, 1 FROM verdicts WHERE media_sid = :sid AND check_name = 'review'
    UNION ALL
    SELECT CASE kind WHEN 'MediaCleared' THEN 'cleared' WHEN 'MediaHeld' THEN 'held'
        WHEN 'MediaRefused' THEN 'refused' ELSE 'recalled' END, date_created, '', 2
    FROM events
    WHERE sid = :sid AND kind IN ('MediaCleared', 'MediaHeld', 'MediaRefused', 'MediaRecalled')
    UNION ALL
    SELECT 'sent', m.date_created, m.author, 3 FROM media me JOIN messages m ON m.sid = me.message_sid
    WHERE me.sid = :sid
    UNION ALL
    SELECT 'gone', date_updated, '', 4 FROM media WHERE sid = :sid AND state = 'gone'
) s ORDER BY s.date, s.place;

-- name: votes_awaited
SELECT v.check_name AS "check", v.date_created, v.date_expires
FROM votes v JOIN media m ON m.sid = v.media_sid
WHERE v.media_sid = :sid AND v.state = 'open' AND m.state IN ('checking', 'held') ORDER BY v.date_created;


-- Reviews

-- name: reopen_media!
-- Compare and set: of two reviewers one decides.
UPDATE media SET state = 'checking', date_updated = :now WHERE sid = :sid AND state = 'held';

-- name: add_release!
INSERT INTO releases (media_sid, check_name, outcome) VALUES (:media_sid, :check, :outcome)
ON CONFLICT (media_sid, check_name) DO UPDATE SET outcome = excluded.outcome;

-- name: releases
SELECT check_name AS "check", outcome FROM releases WHERE media_sid = :media_sid;

-- name: withdraw_votes!
-- Nobody waits for them any more.
DELETE FROM votes WHERE media_sid = :media_sid AND state = 'open';


-- Originals

-- name: keep_original!
UPDATE media SET original_since = coalesce(original_since, :now) WHERE sid = :sid AND state = 'clean';

-- name: original_since
SELECT original_since FROM media WHERE sid = :sid;

-- name: originals_overdue
-- Not of a file that is judged again just now: its checks need it.
SELECT * FROM media WHERE state = 'clean' AND original_since < :before ORDER BY original_since LIMIT 1000;

-- name: forget_original!
UPDATE media SET original_since = NULL WHERE sid = :sid;


-- Votes

-- name: add_vote!
INSERT INTO votes (hash, media_sid, check_name, state, date_created, date_expires)
VALUES (:hash, :media_sid, :check, 'open', :now, :now + :seconds);

-- name: forget_votes!
-- What was asked before counts no more: the check is asked again.
DELETE FROM votes WHERE media_sid = :media_sid AND check_name = :check;

-- name: withdraw_vote!
-- The check answered at once. No row where it voted beside that.
DELETE FROM votes WHERE hash = :hash AND state = 'open';

-- name: ballot
SELECT v.hash, v.media_sid, v.check_name AS "check", v.state, v.date_created, v.date_expires,
    m.service_sid, m.state AS media_state
FROM votes v JOIN media m ON m.sid = v.media_sid WHERE v.hash = :hash;

-- name: ballots_overdue
SELECT v.hash, v.media_sid, v.check_name AS "check", v.state, v.date_created, v.date_expires,
    m.service_sid, m.state AS media_state
FROM votes v JOIN media m ON m.sid = v.media_sid
WHERE v.state = 'open' AND v.date_expires <= :now AND m.state = 'held' ORDER BY v.date_expires LIMIT 1000;

-- name: cast_vote!
-- Compare and set: a vote is cast once, of a vote and the deadline one comes first.
UPDATE votes SET state = 'cast', outcome = :outcome, reason = :reason, detail = :detail, version = :version
WHERE hash = :hash AND state = 'open';

-- name: votes_cast
SELECT v.outcome, v.check_name AS "check", v.reason, v.detail, v.version
FROM votes v WHERE v.media_sid = :media_sid AND v.state <> 'open' ORDER BY v.date_created;

-- name: resume_media!
-- No vote is awaited any more, or one was bad: the file is judged again by whoever changed this row.
UPDATE media SET state = 'checking', date_updated = :now
WHERE sid = :sid AND state = 'held'
  AND EXISTS (SELECT 1 FROM votes v WHERE v.media_sid = :sid AND v.state = 'cast')
  AND (NOT EXISTS (SELECT 1 FROM votes v WHERE v.media_sid = :sid AND v.state = 'open')
       OR EXISTS (SELECT 1 FROM votes v
                  WHERE v.media_sid = :sid AND v.state = 'cast' AND v.outcome <> 'clean'));

-- name: count_votes!
UPDATE votes SET state = 'counted' WHERE media_sid = :sid AND state = 'cast';

-- name: media_voted
-- Held files with a vote that nobody counted yet.
SELECT * FROM media WHERE state = 'held'
  AND EXISTS (SELECT 1 FROM votes v WHERE v.media_sid = media.sid AND v.state = 'cast');

-- name: sweep_votes!
DELETE FROM votes WHERE date_expires <= :now AND EXISTS (
    SELECT 1 FROM media m WHERE m.sid = votes.media_sid AND m.state NOT IN ('received', 'checking', 'held'));


-- Recall

-- name: recall_media!
-- Compare and set: of a deletion and a recall each is done once, and neither undoes the other.
UPDATE media SET state = :state, reason = :reason, date_updated = :now
WHERE sid = :sid AND state = 'clean';

-- name: restore_media!
-- Compare and set: only what was clean before, so that its copies are there.
UPDATE media SET state = 'clean', reason = '', date_updated = :now
WHERE sid = :sid AND state = 'held' AND recheck = 'held';

-- name: was_out
SELECT 1 FROM media WHERE sid = :sid AND state = 'held' AND recheck = 'held';

-- name: media_anywhere
-- For the house alone: in whatever service.
SELECT * FROM media WHERE sid = :sid;

-- name: begin_recheck!
INSERT INTO rechecks (sid, since, content_type, sha256, date_created)
VALUES (:sid, :since, :content_type, :sha256, :now);

-- name: verdicts_since
SELECT v.*, v.check_name AS "check" FROM verdicts v
WHERE v.media_sid = :media_sid AND v.date_created >= :since ORDER BY v.position;

-- name: recheck_unfinished
-- Of the same kind, and of today: what was looked at longer ago says nothing of signatures of today. `since`
-- was the same date, or moved on as the clock did: "the last seven days", asked twice.
SELECT * FROM rechecks
WHERE date_ended IS NULL AND content_type = :content_type AND sha256 = :sha256 AND date_created > :now - 86400
  AND (since = :since OR abs((:since - since) - (:now - date_created)) < 10)
ORDER BY date_created DESC LIMIT 1;

-- name: recheck
SELECT * FROM rechecks WHERE sid = :sid;

-- name: end_recheck!
UPDATE rechecks SET date_ended = :now WHERE sid = :sid AND date_ended IS NULL;

-- name: media_to_recheck
-- Oldest first, after a date and sid. A run that was cut off does not look at a file twice.
SELECT date_created AS date, sid FROM media
WHERE state = 'clean' AND date_created >= :since AND (:sha256 = '' OR sha256 = :sha256)
  AND substr(content_type, 1, length(:content_type)) = :content_type
  AND (date_rechecked IS NULL OR date_rechecked < :started)
  AND (date_created, sid) > (:after_date, :after_sid)
ORDER BY date_created, sid LIMIT :limit;

-- name: count_to_recheck
SELECT count(*) FROM media
WHERE state = 'clean' AND date_created >= :since AND (:sha256 = '' OR sha256 = :sha256)
  AND substr(content_type, 1, length(:content_type)) = :content_type
  AND (date_rechecked IS NULL OR date_rechecked < :started);

-- name: mark_rechecked!
UPDATE media SET date_rechecked = :now, recheck = :outcome WHERE sid = :sid;

-- name: count_rechecked
SELECT count(*) FROM media WHERE date_rechecked >= :started
  AND date_created >= :since AND (:sha256 = '' OR sha256 = :sha256)
  AND substr(content_type, 1, length(:content_type)) = :content_type;

-- name: found_by_recheck
-- What was not clean; also what was deleted since.
SELECT sid, recheck AS outcome FROM media WHERE date_rechecked >= :started AND recheck <> 'clean'
  AND date_created >= :since AND (:sha256 = '' OR sha256 = :sha256)
  AND substr(content_type, 1, length(:content_type)) = :content_type
ORDER BY date_created, sid;


-- Openings

-- name: note_opening!
-- `times` is 0 for a link that was minted, and 1 for one that was opened.
INSERT INTO openings (media_sid, identity, rendition, date_first, date_last, times)
VALUES (:media_sid, :identity, :rendition, :now, :now, :times)
ON CONFLICT (media_sid, identity, rendition) DO UPDATE
SET date_last = :now, times = openings.times + :times;

-- name: openings
SELECT * FROM openings WHERE media_sid = :media_sid ORDER BY date_first, identity, rendition;


-- Bans

-- name: add_ban!
-- Banned again, a file gets the new reason and date.
INSERT INTO bans (
    sid, service_sid, kind, value, reason, source, created_by, date_created, date_expires
) VALUES (:sid, :service_sid, :kind, :value, :reason, :source, :created_by, :now, :date_expires)
ON CONFLICT (kind, value, service_sid, source) DO UPDATE
SET reason = excluded.reason, created_by = excluded.created_by, date_created = excluded.date_created,
    date_expires = excluded.date_expires;

-- name: ban
SELECT * FROM bans WHERE kind = :kind AND value = :value AND service_sid = :service_sid AND source = :source;

-- name: bans
-- Those of the house, and of a service; with an empty `service_sid` those of all.
SELECT * FROM bans
WHERE (:service_sid = '' OR service_sid IN ('', :service_sid))
  AND (date_expires IS NULL OR date_expires > :now)
ORDER BY date_created DESC, sid;

-- name: remove_ban!
-- The house removes every ban, a service only its own.
DELETE FROM bans WHERE sid = :sid AND (:service_sid = '' OR service_sid = :service_sid);

-- name: sweep_bans!
DELETE FROM bans WHERE date_expires <= :now;

-- name: ban_of_digest
-- The digest itself, or that of the bytes as they were received.
SELECT b.* FROM bans b JOIN media m ON m.sid = :media_sid
WHERE b.kind = 'sha256' AND b.value IN (:digest, m.sha256) AND b.service_sid IN ('', m.service_sid)
  AND (b.date_expires IS NULL OR b.date_expires > :now)
ORDER BY b.source LIMIT 1;

-- name: bans_of_kind
-- Those that count for a file.
SELECT b.sid, b.value FROM bans b JOIN media m ON m.sid = :media_sid
WHERE b.kind = :kind AND b.service_sid IN ('', m.service_sid)
  AND (b.date_expires IS NULL OR b.date_expires > :now);

-- name: has_bans
SELECT EXISTS (SELECT 1 FROM bans b JOIN media m ON m.sid = :media_sid
    WHERE b.kind = :kind AND b.service_sid IN ('', m.service_sid)
      AND (b.date_expires IS NULL OR b.date_expires > :now));


-- Tasks

-- name: add_task!
INSERT INTO tasks (
    sid, service_sid, channel_sid, state, agent, customer, customer_name, attributes,
    date_created, date_updated
) VALUES (
    :sid, :service_sid, :channel_sid, 'pending', NULL, :customer, :customer_name, :attributes, :now, :now
);

-- name: task_by_sid
SELECT * FROM tasks WHERE service_sid = :service_sid AND sid = :sid;

-- name: task_of_channel
SELECT * FROM tasks WHERE service_sid = :service_sid AND channel_sid = :channel_sid
ORDER BY date_created DESC LIMIT 1;

-- name: open_tasks
-- With what the task list shows of the channel's last message.
SELECT t.*, c.last_index,
    coalesce(m.sid, '') AS last_sid, coalesce(m.body, '') AS last_body, coalesce(m.author, '') AS last_author,
    m.date_created AS last_date, coalesce(m.has_media, 0) AS has_media,
    (SELECT count(*) FROM messages x
     WHERE x.channel_sid = c.sid AND x.author <> :identity
       AND x.message_index > coalesce(
           me.last_consumed_message_index,
           -- Whoever is not in the channel yet: what the customer wrote since somebody answered.
           (SELECT max(y.message_index) FROM messages y
            WHERE y.channel_sid = c.sid AND y.author <> t.customer),
           -1)
    ) AS unread_count,
    coalesce((SELECT max(e.seq) FROM events e WHERE e.stream = c.sid), 0) AS seq
FROM tasks t JOIN channels c ON c.sid = t.channel_sid
LEFT JOIN messages m ON m.channel_sid = c.sid AND m.message_index = (
    SELECT max(z.message_index) FROM messages z WHERE z.channel_sid = c.sid)
LEFT JOIN members me ON me.channel_sid = c.sid AND me.identity = :identity
WHERE t.service_sid = :service_sid AND t.state <> 'completed'
ORDER BY t.date_created;

-- name: open_tasks_of_agent
SELECT * FROM tasks WHERE service_sid = :service_sid AND agent = :agent AND state <> 'completed'
ORDER BY date_created;

-- name: set_task!
-- Compare and set on the state that the caller saw.
UPDATE tasks SET state = :state, agent = :agent, date_updated = :now,
    date_accepted = CASE WHEN :state = 'accepted' THEN :now ELSE date_accepted END
WHERE sid = :sid AND service_sid = :service_sid AND state = :seen;

-- name: mean_wait
-- Seconds from a chat's start to an agent, over those of the last hours.
SELECT avg(date_accepted - date_created) FROM tasks
WHERE service_sid = :service_sid AND date_accepted IS NOT NULL AND date_created > :since;


-- Events

-- name: append_event
-- Gapless: the next seq is read in the transaction that takes it.
INSERT INTO events (stream, seq, kind, sid, service_sid, identity, source, tells, about, date_created)
SELECT :stream, coalesce(max(e.seq), 0) + 1, :kind, :sid, :service_sid, :identity, :source, :tells, :about,
    :now
FROM events e WHERE e.stream = :stream
RETURNING seq;

-- name: events_after
SELECT * FROM events WHERE stream = :stream AND seq > :seq ORDER BY seq LIMIT :limit;

-- name: last_seq
SELECT coalesce(max(seq), 0) FROM events WHERE stream = :stream;

-- name: messages_of_events
-- The rows that a span of a stream's events is about, a query for each noun.
SELECT m.*, m.message_index AS "index" FROM events e JOIN messages m ON m.sid = e.sid
WHERE e.stream = :stream AND e.seq BETWEEN :first AND :last
  AND e.kind IN ('MessageAdded', 'MessageUpdated') AND m.channel_sid = :stream;

-- name: files_of_events
-- The files of the messages among the events.
SELECT me.* FROM events e JOIN media me ON me.message_sid = e.sid
WHERE e.stream = :stream AND e.seq BETWEEN :first AND :last
  AND e.kind IN ('MessageAdded', 'MessageUpdated') AND me.channel_sid = :stream;

-- name: media_of_events
SELECT me.* FROM events e JOIN media me ON me.sid = e.sid
WHERE e.stream = :stream AND e.seq BETWEEN :first AND :last
  AND e.kind IN ('MediaCleared', 'MediaHeld', 'MediaRefused', 'MediaRecalled')
  AND me.service_sid = :service_sid AND me.state <> 'gone';

-- name: members_of_events
SELECT m.*, r.friendly_name AS role, coalesce(u.friendly_name, '') AS friendly_name
FROM events e JOIN members m ON m.sid = e.sid
JOIN roles r ON r.sid = m.role_sid
LEFT JOIN users u ON u.service_sid = m.service_sid AND u.identity = m.identity
WHERE e.stream = :stream AND e.seq BETWEEN :first AND :last
  AND e.kind IN ('MemberAdded', 'MemberUpdated') AND m.channel_sid = :stream;

-- name: invites_of_events
SELECT i.* FROM events e JOIN invites i ON i.sid = e.sid
WHERE e.stream = :stream AND e.seq BETWEEN :first AND :last
  AND e.kind = 'InviteAdded' AND i.service_sid = :service_sid;

-- name: tasks_of_events
SELECT t.* FROM events e JOIN tasks t ON t.sid = e.sid
WHERE e.stream = :stream AND e.seq BETWEEN :first AND :last
  AND e.kind = 'TaskUpdated' AND t.service_sid = :service_sid;


-- Webhooks

-- name: add_webhook!
INSERT INTO webhooks (
    sid, service_sid, channel_sid, type, url, method, filters, triggers, flow_sid, retry_count,
    date_created, date_updated
) VALUES (
    :sid, :service_sid, :channel_sid, :type, :url, :method, :filters, :triggers, :flow_sid, :retry_count,
    :now, :now
);

-- name: webhooks_of_channel
SELECT * FROM webhooks WHERE service_sid = :service_sid AND channel_sid = :channel_sid
ORDER BY date_created, sid;

-- name: webhook_by_sid
SELECT * FROM webhooks WHERE sid = :sid;

-- name: webhooks
SELECT * FROM webhooks ORDER BY date_created, sid;

-- name: webhooks_in
-- Those of a channel, also once it is gone.
SELECT * FROM webhooks WHERE channel_sid = :channel_sid ORDER BY date_created, sid;

-- name: set_webhook!
UPDATE webhooks SET url = :url, method = :method, filters = :filters, triggers = :triggers,
    flow_sid = :flow_sid, retry_count = :retry_count, date_updated = :now
WHERE sid = :sid;

-- name: delete_webhook!
DELETE FROM webhooks WHERE sid = :sid;

-- name: add_webhook_mark!
INSERT INTO webhook_cursors (target, stream, seq) VALUES (:target, :stream, :seq)
ON CONFLICT (target, stream) DO NOTHING;

-- name: webhook_mark
SELECT seq FROM webhook_cursors WHERE target = :target AND stream = :stream;

-- name: set_webhook_mark!
UPDATE webhook_cursors SET seq = :seq WHERE target = :target AND stream = :stream AND seq < :seq;

-- name: delete_webhook_marks!
DELETE FROM webhook_cursors WHERE target = :target;

-- name: webhook_beginning
-- Where a service begins in a stream without a cursor: before the first event since it was looked after.
SELECT min(e.seq) - 1 FROM events e JOIN webhook_targets t ON t.target = :target
WHERE e.stream = :stream AND e.service_sid = :target AND e.date_created >= t.date_looked;

-- name: begin_webhook_marks!
-- The same in every stream at once. In the service's own stream there are only tasks.
INSERT INTO webhook_cursors (target, stream, seq)
SELECT :target, e.stream, min(e.seq) - 1 FROM events e
JOIN webhook_targets t ON t.target = :target
WHERE e.service_sid = :target AND e.date_created >= t.date_looked AND e.stream <> :target
GROUP BY e.stream
ON CONFLICT (target, stream) DO NOTHING;

-- name: webhook_streams_behind
-- Where a target was not told everything; of one target, or of all (empty).
SELECT c.target, c.stream FROM webhook_cursors c
WHERE :target IN ('', c.target)
  AND c.seq < (SELECT max(e.seq) FROM events e WHERE e.stream = c.stream);

-- name: drop_webhook_marks!
-- Those that stand at the end of a stream where nothing happened since: they are begun again there.
DELETE FROM webhook_cursors
WHERE EXISTS (
    SELECT 1 FROM webhook_targets t JOIN events e ON e.stream = webhook_cursors.stream
    WHERE t.target = webhook_cursors.target AND e.seq = webhook_cursors.seq
      AND e.date_created < t.date_looked
      AND NOT EXISTS (SELECT 1 FROM events l WHERE l.stream = e.stream AND l.seq > e.seq));

-- name: drop_lost_webhook_marks!
-- Of webhooks that went with their service.
DELETE FROM webhook_cursors WHERE target LIKE 'WH%' AND target NOT IN (SELECT sid FROM webhooks);

-- name: add_webhook_target!
INSERT INTO webhook_targets (target, date_looked) VALUES (:target, :date)
ON CONFLICT (target) DO NOTHING;

-- name: webhook_targets
SELECT target FROM webhook_targets;

-- name: set_webhook_target!
UPDATE webhook_targets SET date_looked = :date WHERE target = :target AND date_looked < :date;

-- name: delete_webhook_target!
DELETE FROM webhook_targets WHERE target = :target;

-- name: add_webhook_failure!
-- The next number is read in the transaction that takes it.
INSERT INTO webhook_failures (id, target, stream, seq, event_type, error, attempts, date_created)
SELECT coalesce(max(f.id), 0) + 1, :target, :stream, :seq, :event_type, :error, :attempts, :now
FROM webhook_failures f;

-- name: drop_old_webhook_failures!
DELETE FROM webhook_failures WHERE date_created < :before;

-- name: drop_surplus_webhook_failures!
-- The oldest of each target that has more than so many.
DELETE FROM webhook_failures WHERE id IN (
    SELECT ranked.id FROM (
        SELECT f.id, row_number() OVER (PARTITION BY f.target ORDER BY f.id DESC) AS place
        FROM webhook_failures f) ranked
    WHERE ranked.place > :most);

-- name: webhook_failures
SELECT * FROM webhook_failures ORDER BY id LIMIT :limit;

-- name: webhook_failures_again
SELECT * FROM webhook_failures WHERE again = 1 ORDER BY id LIMIT :limit;

-- name: count_webhook_failures
SELECT count(*) FROM webhook_failures;

-- name: retry_webhook_failures!
UPDATE webhook_failures SET again = 1;

-- name: retry_webhook_failure!
UPDATE webhook_failures SET again = 1 WHERE id = :id;

-- name: set_webhook_failure!
UPDATE webhook_failures SET again = 0, error = :error, attempts = attempts + 1 WHERE id = :id;

-- name: delete_webhook_failure!
DELETE FROM webhook_failures WHERE id = :id;

-- name: delete_webhook_failures!
DELETE FROM webhook_failures WHERE target = :target;

-- name: end_webhook!
-- Its channel is gone and it was told so. While something is left that it was not told, it stays.
DELETE FROM webhooks WHERE sid = :sid
  AND NOT EXISTS (SELECT 1 FROM channels c WHERE c.sid = webhooks.channel_sid)
  AND NOT EXISTS (SELECT 1 FROM webhook_failures f WHERE f.target = webhooks.sid);

-- name: end_webhooks!
-- The same of all that were told of their channel's end, and have nothing left any more.
DELETE FROM webhooks
WHERE NOT EXISTS (SELECT 1 FROM channels c WHERE c.sid = webhooks.channel_sid)
  AND NOT EXISTS (SELECT 1 FROM webhook_failures f WHERE f.target = webhooks.sid)
  AND EXISTS (
    SELECT 1 FROM webhook_cursors k JOIN events e ON e.stream = k.stream AND e.kind = 'ChannelRemoved'
    WHERE k.target = webhooks.sid AND k.stream = webhooks.channel_sid AND k.seq >= e.seq);

-- name: event_at
SELECT * FROM events WHERE stream = :stream AND seq = :seq;
