-- Turns: whoever signs somebody up, starts a living room or makes the first apps locks the row, and is the only one in the
-- cluster until its transaction ends.
INSERT INTO lease (name) VALUES ('accounts'), ('apps'), ('living');

-- User ids that are somebody's by a token or by a row that can be deleted, from the first that an account can get: no account
-- gets one of them. Whoever stands in `conversation` is somebody, too.
CREATE TABLE used_id (
  app_id  bigint NOT NULL,
  user_id bigint NOT NULL,
  PRIMARY KEY (app_id, user_id)
);
CREATE INDEX conversation_high ON conversation (app_id, high) WHERE kind = 0;

-- People who sign up on the page.
CREATE TABLE account (
  id               bigint PRIMARY KEY,
  name             text COLLATE "C" NOT NULL UNIQUE,
  name_key         text COLLATE "C" UNIQUE,      -- the same for names that are one; an account from before there were keys may have none
  password_hash    text NOT NULL,
  password_version bigint NOT NULL DEFAULT 0,    -- goes up with each new password
  nick_name        text NOT NULL,
  avatar           text COLLATE "C",             -- the name of its picture, or none for a generated one
  created_at       bigint NOT NULL               -- milliseconds since 1970, as all times here that are numbers
) WITH (fillfactor = 80);

-- What account names look like: a new one must share none with another's. Older ones may, so the pair is the key, and those who
-- sign up come one after the other.
CREATE TABLE account_look (
  look       text COLLATE "C" NOT NULL,
  account_id bigint NOT NULL,
  PRIMARY KEY (look, account_id)
);

-- Uploaded pictures, which are compressed as they come.
CREATE TABLE avatar (
  name       text COLLATE "C" PRIMARY KEY,
  account_id bigint NOT NULL,
  content    bytea NOT NULL
);
CREATE INDEX avatar_account ON avatar (account_id);
ALTER TABLE avatar ALTER COLUMN content SET STORAGE EXTERNAL;

-- What signs the cookies of the page.
CREATE TABLE cookie_key (
  name    text COLLATE "C" PRIMARY KEY,
  content text NOT NULL
);

-- Who is signed in on the page. id is made from the secret in the cookie and does not lead back to it.
CREATE TABLE page_session (
  id         text COLLATE "C" PRIMARY KEY,
  account_id bigint NOT NULL,
  created_at bigint NOT NULL,
  seen_at    bigint NOT NULL,
  address    text NOT NULL,
  agent      text NOT NULL
) WITH (fillfactor = 80);
CREATE INDEX page_session_account ON page_session (account_id, created_at);
CREATE INDEX page_session_created ON page_session (created_at);
CREATE INDEX page_session_seen ON page_session (seen_at);

-- Wrong passwords by name and by who tries; no source stands for all addresses together. Gone with a crash, as with the restart
-- of a single server.
CREATE UNLOGGED TABLE lockout (
  name     text COLLATE "C" NOT NULL,
  source   text COLLATE "C" NOT NULL,
  attempts int NOT NULL,
  since    bigint NOT NULL,                      -- of the last attempt
  PRIMARY KEY (name, source)
) WITH (fillfactor = 70);
CREATE INDEX lockout_since ON lockout (since);

-- Tokens minted up to revoked_before are refused; suspended_until is 0 for who is not suspended.
CREATE TABLE user_state (
  app_id          bigint NOT NULL,
  user_id         bigint NOT NULL,
  revoked_before  bigint NOT NULL DEFAULT 0,
  suspended_until bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (app_id, user_id)
);

CREATE TABLE account_tag (
  app_id  bigint NOT NULL,
  user_id bigint NOT NULL,
  tag     text COLLATE "C" NOT NULL,
  PRIMARY KEY (app_id, user_id, tag)
);

-- A room's moderation.
CREATE TABLE room_restriction (
  app_id  bigint NOT NULL,
  room_id bigint NOT NULL,
  user_id bigint NOT NULL,
  kind    text COLLATE "C" NOT NULL,             -- muted or banned
  until   bigint NOT NULL,
  PRIMARY KEY (app_id, room_id, user_id, kind)
);
CREATE INDEX room_restriction_until ON room_restriction (until);

-- Products that use the cluster, unless settings name them.
CREATE TABLE app (
  app_id       bigint PRIMARY KEY,
  place        int NOT NULL UNIQUE,              -- the first is the page's
  name         text NOT NULL,
  token_secret text NOT NULL,
  api_key      text COLLATE "C" NOT NULL UNIQUE
);

-- Open living rooms, one an anchor.
CREATE TABLE living_room (
  id          bigint PRIMARY KEY,
  app_id      bigint NOT NULL,
  anchor_id   bigint NOT NULL,
  type        int NOT NULL,                      -- 1 normal, 2 PK
  name        text NOT NULL,
  started_at  bigint NOT NULL,
  likes       bigint NOT NULL DEFAULT 0,
  peak        bigint NOT NULL DEFAULT 0,
  anchor_seen timestamptz NOT NULL DEFAULT clock_timestamp(), -- when the anchor was last in the room, on whichever node
  UNIQUE (app_id, anchor_id)
) WITH (fillfactor = 70);

-- Closed ones.
CREATE TABLE living_room_record (
  id         bigint PRIMARY KEY,
  app_id     bigint NOT NULL,
  anchor_id  bigint NOT NULL,
  type       int NOT NULL,
  name       text NOT NULL,
  started_at bigint NOT NULL,
  ended_at   bigint NOT NULL,
  likes      bigint NOT NULL,
  peak       bigint NOT NULL
);
CREATE INDEX living_room_record_anchor ON living_room_record (app_id, anchor_id, id);

-- Room ids that were passed over when a living room was given one after them: somebody used them, they stay an app's own.
CREATE TABLE living_room_skipped (
  first_id bigint PRIMARY KEY,
  last_id  bigint NOT NULL
);

-- Room ids from the first of a living room on that somebody was in before, or that a living room has: who is first has it.
CREATE TABLE used_room (
  room_id bigint PRIMARY KEY
);

-- What the content check refused or masked.
CREATE TABLE risk_record (
  id           bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
  app_id       bigint NOT NULL,
  user_id      bigint NOT NULL,
  conversation text NOT NULL,
  action       text NOT NULL,                    -- refused or masked
  word         text NOT NULL,
  content      text NOT NULL,
  created_at   bigint NOT NULL
);
