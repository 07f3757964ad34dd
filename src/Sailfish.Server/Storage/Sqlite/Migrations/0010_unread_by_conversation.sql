-- How far a one-to-one conversation reaches for each of the two. It stands in the row that each append writes anyway, so that
-- `unread` is written only when somebody begins to have messages waiting there.
ALTER TABLE conversation ADD COLUMN seq_for_low INTEGER NOT NULL DEFAULT 0;    -- the newest message from the other one
ALTER TABLE conversation ADD COLUMN seq_for_high INTEGER NOT NULL DEFAULT 0;

UPDATE conversation SET seq_for_low = u.last_seq FROM unread u WHERE u.conversation_id = id AND u.user_id = low AND kind = 0;
UPDATE conversation SET seq_for_high = u.last_seq FROM unread u WHERE u.conversation_id = id AND u.user_id = high AND kind = 0;

ALTER TABLE unread DROP COLUMN last_seq;
