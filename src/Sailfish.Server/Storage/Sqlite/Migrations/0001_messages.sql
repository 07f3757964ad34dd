-- Conversations and their logs. last_seq is kept apart from the rows, so that it survives retention.
CREATE TABLE conversation (
  id       INTEGER PRIMARY KEY,
  app_id   INTEGER NOT NULL,
  kind     INTEGER NOT NULL,          -- 0 one-to-one, 1 room
  low      INTEGER NOT NULL,          -- the smaller user id, or the room
  high     INTEGER NOT NULL,          -- the larger user id, or 0
  last_seq INTEGER NOT NULL DEFAULT 0,
  UNIQUE (app_id, kind, low, high)
);
CREATE INDEX conversation_high ON conversation (app_id, kind, high) WHERE kind = 0;

-- id grows with time, so retention deletes from the front without an index on created_at.
CREATE TABLE message (
  id              INTEGER PRIMARY KEY,
  conversation_id INTEGER NOT NULL,
  seq             INTEGER NOT NULL,
  app_id          INTEGER NOT NULL,
  sender_id       INTEGER NOT NULL,
  client_msg_id   TEXT,
  biz_code        INTEGER NOT NULL,
  data            TEXT NOT NULL,
  created_at      INTEGER NOT NULL    -- milliseconds since 1970
);
CREATE UNIQUE INDEX message_seq ON message (conversation_id, seq);
CREATE UNIQUE INDEX message_client ON message (app_id, sender_id, client_msg_id) WHERE client_msg_id IS NOT NULL;

-- How far a user has acknowledged a conversation; written behind.
CREATE TABLE position (
  user_id         INTEGER NOT NULL,
  conversation_id INTEGER NOT NULL,
  acked_seq       INTEGER NOT NULL,
  PRIMARY KEY (user_id, conversation_id)
) WITHOUT ROWID;

-- Tokens minted up to revoked_before (milliseconds) are refused.
CREATE TABLE user_state (
  app_id         INTEGER NOT NULL,
  user_id        INTEGER NOT NULL,
  revoked_before INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (app_id, user_id)
) WITHOUT ROWID;

CREATE TABLE account_tag (
  app_id  INTEGER NOT NULL,
  user_id INTEGER NOT NULL,
  tag     TEXT NOT NULL,
  PRIMARY KEY (app_id, user_id, tag)
) WITHOUT ROWID;

-- A room's moderation; until is milliseconds since 1970.
CREATE TABLE room_restriction (
  app_id  INTEGER NOT NULL,
  room_id INTEGER NOT NULL,
  user_id INTEGER NOT NULL,
  kind    TEXT NOT NULL,              -- muted or banned
  until   INTEGER NOT NULL,
  PRIMARY KEY (app_id, room_id, user_id, kind)
) WITHOUT ROWID;

-- What the content check refused or masked.
CREATE TABLE risk_record (
  id           INTEGER PRIMARY KEY,
  app_id       INTEGER NOT NULL,
  user_id      INTEGER NOT NULL,
  conversation TEXT NOT NULL,
  action       TEXT NOT NULL,         -- refused or masked
  word         TEXT NOT NULL,
  content      TEXT NOT NULL,
  created_at   INTEGER NOT NULL
);
