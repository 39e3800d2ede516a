-- Which checks a reviewer has overruled for a file, and since when an original is kept beside its copy.

CREATE TABLE releases (
    media_sid TEXT NOT NULL REFERENCES media (sid) ON DELETE CASCADE,
    check_name TEXT NOT NULL,
    outcome TEXT NOT NULL,  -- with which it held the file
    PRIMARY KEY (media_sid, check_name)
);

ALTER TABLE media ADD COLUMN original_since DOUBLE PRECISION;
CREATE INDEX media_originals ON media (original_since) WHERE original_since IS NOT NULL;

-- A file's timeline reads its events by its sid.
CREATE INDEX events_of_media ON events (sid) WHERE kind IN ('MediaCleared', 'MediaHeld', 'MediaRefused', 'MediaRecalled');

UPDATE roles SET permissions = permissions || ' downloadOriginal'
WHERE friendly_name = 'service admin' AND type = 'deployment';
