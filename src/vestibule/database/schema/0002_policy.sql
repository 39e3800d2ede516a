-- What agents are told of a clean file, and under which policy each verdict was given.

-- A file that is held because a check was silent is asked about again, ever more seldom.
ALTER TABLE media ADD COLUMN tries BIGINT NOT NULL DEFAULT 0;
ALTER TABLE media ADD COLUMN date_retry DOUBLE PRECISION NOT NULL DEFAULT 0;
CREATE INDEX media_held ON media (date_retry) WHERE state = 'held';

ALTER TABLE media ADD COLUMN flags TEXT NOT NULL DEFAULT '[]';
ALTER TABLE verdicts ADD COLUMN policy TEXT NOT NULL DEFAULT '';
