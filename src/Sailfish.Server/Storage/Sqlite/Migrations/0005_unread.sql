-- One-to-one conversations that reach past what a user has acked: what a SYNC without `after` reads, and nothing else.
CREATE TABLE unread (
  app_id          INTEGER NOT NULL,
  user_id         INTEGER NOT NULL,
  conversation_id INTEGER NOT NULL,
  last_seq        INTEGER NOT NULL,   -- the newest message from the other one
  PRIMARY KEY (app_id, user_id, conversation_id)
) WITHOUT ROWID;

INSERT INTO unread (app_id, user_id, conversation_id, last_seq)
SELECT app_id, user_id, id, seq FROM (
  SELECT app_id, user_id, id,
         (SELECT m.seq FROM message m
          WHERE m.conversation_id = both.id AND m.sender_id <> both.user_id
            AND m.seq > coalesce((SELECT p.acked_seq FROM position p WHERE p.user_id = both.user_id AND p.conversation_id = both.id), 0)
          ORDER BY m.seq DESC LIMIT 1) AS seq
  FROM (
    SELECT app_id, id, low AS user_id FROM conversation WHERE kind = 0 AND low > 0
    UNION ALL
    SELECT app_id, id, high FROM conversation WHERE kind = 0
  ) both
) WHERE seq IS NOT NULL;
