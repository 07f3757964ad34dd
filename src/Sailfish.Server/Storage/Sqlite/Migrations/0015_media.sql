-- What stream keys and tokens are made from, in base64. Made at first use.
CREATE TABLE media_secret (
  id     INTEGER PRIMARY KEY CHECK (id = 1),
  secret TEXT NOT NULL
);

-- Which key of a user is good; without a row the first one.
CREATE TABLE media_key (
  app_id     INTEGER NOT NULL,
  user_id    INTEGER NOT NULL,
  generation INTEGER NOT NULL,
  PRIMARY KEY (app_id, user_id)
) WITHOUT ROWID;
