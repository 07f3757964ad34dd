-- User ids that are somebody's, from the first that an account can get: no account gets one of them. Noted by triggers
-- where an id comes in with what is stored, so that no way of using one is forgotten; by the server where a token is
-- minted or presented. Rows stay when what they came from is deleted.
CREATE TABLE used_id (
  app_id  INTEGER NOT NULL,
  user_id INTEGER NOT NULL,
  PRIMARY KEY (app_id, user_id)
) WITHOUT ROWID;

INSERT OR IGNORE INTO used_id SELECT app_id, low FROM conversation WHERE kind = 0 AND low >= 100001;
INSERT OR IGNORE INTO used_id SELECT app_id, high FROM conversation WHERE kind = 0 AND high >= 100001;
INSERT OR IGNORE INTO used_id SELECT app_id, sender_id FROM message WHERE sender_id >= 100001;
INSERT OR IGNORE INTO used_id SELECT c.app_id, p.user_id FROM position p JOIN conversation c ON c.id = p.conversation_id WHERE p.user_id >= 100001;
INSERT OR IGNORE INTO used_id SELECT app_id, user_id FROM user_state WHERE user_id >= 100001;
INSERT OR IGNORE INTO used_id SELECT app_id, user_id FROM account_tag WHERE user_id >= 100001;
INSERT OR IGNORE INTO used_id SELECT app_id, user_id FROM room_restriction WHERE user_id >= 100001;
INSERT OR IGNORE INTO used_id SELECT app_id, user_id FROM risk_record WHERE user_id >= 100001;
INSERT OR IGNORE INTO used_id SELECT app_id, anchor_id FROM living_room WHERE anchor_id >= 100001;
INSERT OR IGNORE INTO used_id SELECT app_id, anchor_id FROM living_room_record WHERE anchor_id >= 100001;

-- NOT EXISTS and not OR IGNORE: within a trigger the statement that fired it decides what a conflict does.
CREATE TRIGGER used_id_low AFTER INSERT ON conversation WHEN new.kind = 0 AND new.low >= 100001 BEGIN
  INSERT INTO used_id SELECT new.app_id, new.low WHERE NOT EXISTS (SELECT 1 FROM used_id WHERE app_id = new.app_id AND user_id = new.low);
END;
CREATE TRIGGER used_id_high AFTER INSERT ON conversation WHEN new.kind = 0 AND new.high >= 100001 BEGIN
  INSERT INTO used_id SELECT new.app_id, new.high WHERE NOT EXISTS (SELECT 1 FROM used_id WHERE app_id = new.app_id AND user_id = new.high);
END;
CREATE TRIGGER used_id_state AFTER INSERT ON user_state WHEN new.user_id >= 100001 BEGIN
  INSERT INTO used_id SELECT new.app_id, new.user_id WHERE NOT EXISTS (SELECT 1 FROM used_id WHERE app_id = new.app_id AND user_id = new.user_id);
END;
CREATE TRIGGER used_id_tag AFTER INSERT ON account_tag WHEN new.user_id >= 100001 BEGIN
  INSERT INTO used_id SELECT new.app_id, new.user_id WHERE NOT EXISTS (SELECT 1 FROM used_id WHERE app_id = new.app_id AND user_id = new.user_id);
END;
CREATE TRIGGER used_id_restriction AFTER INSERT ON room_restriction WHEN new.user_id >= 100001 BEGIN
  INSERT INTO used_id SELECT new.app_id, new.user_id WHERE NOT EXISTS (SELECT 1 FROM used_id WHERE app_id = new.app_id AND user_id = new.user_id);
END;

-- Milliseconds since 1970 until when a user is suspended; 0 = not.
ALTER TABLE user_state ADD COLUMN suspended_until INTEGER NOT NULL DEFAULT 0;

-- Goes up with each new password: a sign-in with the one before, that is still under way, makes no session.
ALTER TABLE account ADD COLUMN password_version INTEGER NOT NULL DEFAULT 0;

-- Who is signed in on the page. id is made from the secret in the cookie and does not lead back to it.
CREATE TABLE page_session (
  id         TEXT PRIMARY KEY,
  account_id INTEGER NOT NULL,
  created_at INTEGER NOT NULL,        -- milliseconds since 1970, as the next
  seen_at    INTEGER NOT NULL,
  address    TEXT NOT NULL,
  agent      TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX page_session_account ON page_session (account_id, created_at);
CREATE INDEX page_session_seen ON page_session (seen_at);
