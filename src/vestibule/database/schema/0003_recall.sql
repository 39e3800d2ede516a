-- Files that are not wanted again, who opened what, and files that are judged anew.

-- `service_sid` is '' for the whole house. `source` is '' for what was banned here, else whose list it came from.
CREATE TABLE bans (
    sid TEXT PRIMARY KEY,
    service_sid TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('sha256', 'perceptual')),
    value TEXT NOT NULL,
    reason TEXT NOT NULL,
    source TEXT NOT NULL,
    created_by TEXT NOT NULL,
    date_created DOUBLE PRECISION NOT NULL,
    date_expires DOUBLE PRECISION,
    UNIQUE (kind, value, service_sid, source)
);

-- Who was given a link to a file (`times` 0), and in how many of them they opened it. No name, no content.
CREATE TABLE openings (
    media_sid TEXT NOT NULL REFERENCES media (sid) ON DELETE CASCADE,
    identity TEXT NOT NULL,
    rendition TEXT NOT NULL,
    date_first DOUBLE PRECISION NOT NULL,
    date_last DOUBLE PRECISION NOT NULL,
    times BIGINT NOT NULL,
    PRIMARY KEY (media_sid, identity, rendition)
);

-- A run over stored files. One that was cut off goes on with the files not looked at since `date_created`.
CREATE TABLE rechecks (
    sid TEXT PRIMARY KEY,
    since DOUBLE PRECISION NOT NULL,
    content_type TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    date_created DOUBLE PRECISION NOT NULL,
    date_ended DOUBLE PRECISION
);

ALTER TABLE media ADD COLUMN date_rechecked DOUBLE PRECISION;
ALTER TABLE media ADD COLUMN recheck TEXT NOT NULL DEFAULT '';
CREATE INDEX media_by_digest ON media (sha256) WHERE state = 'clean';
