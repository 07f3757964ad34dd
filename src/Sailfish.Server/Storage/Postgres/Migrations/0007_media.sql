-- What stream keys and tokens are made from, on all nodes, in base64. Made at first use.
CREATE TABLE media_secret (
  id     integer PRIMARY KEY CHECK (id = 1),
  secret text COLLATE "C" NOT NULL
);

-- Which key of a user is good; without a row the first one.
CREATE TABLE media_key (
  app_id     bigint NOT NULL,
  user_id    bigint NOT NULL,
  generation bigint NOT NULL,
  PRIMARY KEY (app_id, user_id)
);
