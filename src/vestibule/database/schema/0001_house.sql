-- Times are seconds since 1970 in UTC. Sids and identities are compared byte by byte.

CREATE TABLE services (
    sid TEXT PRIMARY KEY,
    friendly_name TEXT NOT NULL,
    default_service_role_sid TEXT NOT NULL,
    default_channel_role_sid TEXT NOT NULL,
    default_channel_creator_role_sid TEXT NOT NULL,
    date_created DOUBLE PRECISION NOT NULL,
    date_updated DOUBLE PRECISION NOT NULL
);

CREATE TABLE roles (
    sid TEXT PRIMARY KEY,
    service_sid TEXT NOT NULL REFERENCES services (sid) ON DELETE CASCADE,
    friendly_name TEXT NOT NULL,
    type TEXT NOT NULL CHECK (type IN ('channel', 'deployment')),
    permissions TEXT NOT NULL,
    date_created DOUBLE PRECISION NOT NULL,
    date_updated DOUBLE PRECISION NOT NULL
);
CREATE INDEX roles_by_service ON roles (service_sid, friendly_name);

CREATE TABLE users (
    sid TEXT PRIMARY KEY,
    service_sid TEXT NOT NULL REFERENCES services (sid) ON DELETE CASCADE,
    identity TEXT NOT NULL,
    friendly_name TEXT NOT NULL,
    attributes TEXT NOT NULL,
    role_sid TEXT NOT NULL REFERENCES roles (sid),
    date_created DOUBLE PRECISION NOT NULL,
    date_updated DOUBLE PRECISION NOT NULL,
    UNIQUE (service_sid, identity)
);
CREATE INDEX users_by_role ON users (role_sid);
CREATE INDEX users_by_date ON users (service_sid, date_created, sid);

-- An agent's password, apart from the user so that no query for a user can show it.
CREATE TABLE passwords (
    user_sid TEXT PRIMARY KEY REFERENCES users (sid) ON DELETE CASCADE,
    hash TEXT NOT NULL,
    date_updated DOUBLE PRECISION NOT NULL
);

-- Who is signed in at the desk. The browser has the secret, this only its SHA-256.
CREATE TABLE sessions (
    hash TEXT PRIMARY KEY,
    user_sid TEXT NOT NULL REFERENCES users (sid) ON DELETE CASCADE,
    date_created DOUBLE PRECISION NOT NULL,
    date_expires DOUBLE PRECISION NOT NULL
);
CREATE INDEX sessions_by_user ON sessions (user_sid);
CREATE INDEX sessions_by_end ON sessions (date_expires);

-- API keys of the account. The secret itself is kept: signatures are verified with it.
CREATE TABLE keys (
    sid TEXT PRIMARY KEY,
    secret TEXT NOT NULL,
    friendly_name TEXT NOT NULL,
    date_created DOUBLE PRECISION NOT NULL,
    date_revoked DOUBLE PRECISION
);

CREATE TABLE channels (
    sid TEXT PRIMARY KEY,
    service_sid TEXT NOT NULL REFERENCES services (sid) ON DELETE CASCADE,
    friendly_name TEXT NOT NULL,
    unique_name TEXT,
    attributes TEXT NOT NULL,
    type TEXT NOT NULL CHECK (type IN ('public', 'private')),
    created_by TEXT NOT NULL,
    members_count BIGINT NOT NULL DEFAULT 0,
    messages_count BIGINT NOT NULL DEFAULT 0,
    last_index BIGINT NOT NULL DEFAULT -1,
    date_ended DOUBLE PRECISION,
    date_created DOUBLE PRECISION NOT NULL,
    date_updated DOUBLE PRECISION NOT NULL,
    UNIQUE (service_sid, unique_name)
);
CREATE INDEX channels_by_service ON channels (service_sid, date_created, sid);

CREATE TABLE members (
    sid TEXT PRIMARY KEY,
    service_sid TEXT NOT NULL,
    channel_sid TEXT NOT NULL REFERENCES channels (sid) ON DELETE CASCADE,
    identity TEXT NOT NULL,
    role_sid TEXT NOT NULL REFERENCES roles (sid),
    attributes TEXT NOT NULL,
    last_consumed_message_index BIGINT,
    last_consumption_timestamp DOUBLE PRECISION,
    date_created DOUBLE PRECISION NOT NULL,
    date_updated DOUBLE PRECISION NOT NULL,
    UNIQUE (channel_sid, identity)
);
CREATE INDEX members_by_identity ON members (service_sid, identity);
CREATE INDEX members_by_role ON members (role_sid);

CREATE TABLE messages (
    sid TEXT PRIMARY KEY,
    service_sid TEXT NOT NULL,
    channel_sid TEXT NOT NULL REFERENCES channels (sid) ON DELETE CASCADE,
    message_index BIGINT NOT NULL,
    author TEXT NOT NULL,
    body TEXT NOT NULL,
    attributes TEXT NOT NULL,
    has_media BIGINT NOT NULL,
    idempotency_key TEXT,
    was_edited BIGINT NOT NULL DEFAULT 0,
    last_updated_by TEXT,
    date_created DOUBLE PRECISION NOT NULL,
    date_updated DOUBLE PRECISION NOT NULL,
    UNIQUE (channel_sid, message_index)
);
CREATE UNIQUE INDEX messages_by_key ON messages (channel_sid, author, idempotency_key)
    WHERE idempotency_key IS NOT NULL;

-- No foreign key to channel or message: the record outlives both until its bytes are erased.
CREATE TABLE media (
    sid TEXT PRIMARY KEY,
    service_sid TEXT NOT NULL,
    channel_sid TEXT,
    message_sid TEXT,
    author TEXT NOT NULL,
    filename TEXT NOT NULL,
    raw_filename TEXT NOT NULL,
    declared_type TEXT NOT NULL,
    content_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    state TEXT NOT NULL
        CHECK (state IN ('received', 'checking', 'clean', 'held', 'refused', 'recalled', 'gone')),
    reason TEXT NOT NULL,
    width BIGINT,
    height BIGINT,
    duration DOUBLE PRECISION,
    pages BIGINT,
    renditions TEXT NOT NULL DEFAULT '[]',
    erased BIGINT NOT NULL DEFAULT 0,
    date_created DOUBLE PRECISION NOT NULL,
    date_updated DOUBLE PRECISION NOT NULL
);
CREATE INDEX media_by_channel ON media (channel_sid, date_created);
CREATE INDEX media_by_author ON media (service_sid, author, date_created);
CREATE INDEX media_by_message ON media (message_sid) WHERE message_sid IS NOT NULL;
CREATE INDEX media_unfinished ON media (state) WHERE state IN ('received', 'checking');
CREATE INDEX media_unerased ON media (erased) WHERE state IN ('refused', 'recalled', 'gone') AND erased = 0;

CREATE TABLE verdicts (
    media_sid TEXT NOT NULL REFERENCES media (sid) ON DELETE CASCADE,
    position BIGINT NOT NULL,
    check_name TEXT NOT NULL,
    outcome TEXT NOT NULL,
    reason TEXT NOT NULL,
    detail TEXT NOT NULL,
    version TEXT NOT NULL,
    milliseconds DOUBLE PRECISION NOT NULL,
    date_created DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (media_sid, position)
);

-- Checks that answer later. The check has the word that votes, this only its SHA-256.
-- open -> cast -> counted: a cast vote makes the file be judged again, once.
CREATE TABLE votes (
    hash TEXT PRIMARY KEY,
    media_sid TEXT NOT NULL REFERENCES media (sid) ON DELETE CASCADE,
    check_name TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'cast', 'counted')),
    outcome TEXT NOT NULL DEFAULT '',
    reason TEXT NOT NULL DEFAULT '',
    detail TEXT NOT NULL DEFAULT '',
    version TEXT NOT NULL DEFAULT '',
    date_created DOUBLE PRECISION NOT NULL,
    date_expires DOUBLE PRECISION NOT NULL
);
CREATE INDEX votes_by_media ON votes (media_sid, state);
CREATE INDEX votes_by_end ON votes (date_expires);

CREATE TABLE tasks (
    sid TEXT PRIMARY KEY,
    service_sid TEXT NOT NULL REFERENCES services (sid) ON DELETE CASCADE,
    channel_sid TEXT NOT NULL REFERENCES channels (sid) ON DELETE CASCADE,
    state TEXT NOT NULL CHECK (state IN ('pending', 'accepted', 'wrapping', 'completed')),
    agent TEXT,
    customer TEXT NOT NULL,
    customer_name TEXT NOT NULL,
    attributes TEXT NOT NULL,
    date_created DOUBLE PRECISION NOT NULL,
    date_updated DOUBLE PRECISION NOT NULL,
    date_accepted DOUBLE PRECISION
);
CREATE INDEX tasks_by_state ON tasks (service_sid, state, date_created);
CREATE INDEX tasks_by_channel ON tasks (channel_sid);

-- The spine. It names rows and copies no content.
CREATE TABLE events (
    stream TEXT NOT NULL,
    seq BIGINT NOT NULL,
    kind TEXT NOT NULL,
    sid TEXT NOT NULL,
    date_created DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (stream, seq)
);
