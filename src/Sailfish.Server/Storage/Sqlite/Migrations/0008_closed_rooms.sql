-- A conversation whose last message is its end: nothing is appended to it any more.
ALTER TABLE conversation ADD COLUMN closed INTEGER NOT NULL DEFAULT 0;
INSERT INTO conversation (app_id, kind, low, high, closed) SELECT app_id, 1, id, 0, 1 FROM living_room_record WHERE true
ON CONFLICT (app_id, kind, low, high) DO UPDATE SET closed = 1;
-- Ended restrictions are found without reading those that hold.
CREATE INDEX room_restriction_until ON room_restriction (until);
