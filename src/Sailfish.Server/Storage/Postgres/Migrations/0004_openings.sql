-- Conversations that users began, as the time at which they may begin all again that the limit gives. Gone with a crash, as with
-- the restart of a single server.
CREATE UNLOGGED TABLE opening (
  app_id  bigint NOT NULL,
  user_id bigint NOT NULL,
  full_at timestamptz NOT NULL,
  PRIMARY KEY (app_id, user_id)
) WITH (fillfactor = 70);
CREATE INDEX opening_full ON opening (full_at);
