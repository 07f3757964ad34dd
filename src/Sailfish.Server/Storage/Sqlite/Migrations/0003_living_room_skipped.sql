-- Room ids that were passed over when a living room was given one after them: somebody used them, they stay an app's own.
CREATE TABLE living_room_skipped (
  first_id INTEGER PRIMARY KEY,
  last_id  INTEGER NOT NULL
);
