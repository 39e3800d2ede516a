-- What agents are told of a clean file, and under which policy each verdict was given.

ALTER TABLE media ADD COLUMN flags TEXT NOT NULL DEFAULT '[]';
ALTER TABLE verdicts ADD COLUMN policy TEXT NOT NULL DEFAULT '';
