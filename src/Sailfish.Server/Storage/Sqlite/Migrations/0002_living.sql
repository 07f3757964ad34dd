-- People who sign up on the page. Ids begin high, so that ids an app gives its own users stay free.
CREATE TABLE account (
  id            INTEGER PRIMARY KEY,
  name          TEXT NOT NULL COLLATE NOCASE UNIQUE,
  password_hash TEXT NOT NULL,
  nick_name     TEXT NOT NULL,
  avatar        TEXT,                 -- the file in DataDir/avatars, or none for a generated one
  created_at    INTEGER NOT NULL
);

-- Open rooms. One a user: a second start finds the first.
CREATE TABLE living_room (
  id         INTEGER PRIMARY KEY,
  app_id     INTEGER NOT NULL,
  anchor_id  INTEGER NOT NULL,
  type       INTEGER NOT NULL,        -- 1 normal, 2 PK
  name       TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  likes      INTEGER NOT NULL DEFAULT 0,
  peak       INTEGER NOT NULL DEFAULT 0,
  UNIQUE (app_id, anchor_id)
);

-- Closed rooms.
CREATE TABLE living_room_record (
  id         INTEGER PRIMARY KEY,
  app_id     INTEGER NOT NULL,
  anchor_id  INTEGER NOT NULL,
  type       INTEGER NOT NULL,
  name       TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  ended_at   INTEGER NOT NULL,
  likes      INTEGER NOT NULL,
  peak       INTEGER NOT NULL
);
CREATE INDEX living_room_record_anchor ON living_room_record (app_id, anchor_id, id);
