-- A sender's clientMsgId is a key within its conversation. What is there was unique in all of an app, and so it is in each
-- conversation. Before the sender stands the id: where ids grow with time, a room's are then added at one place, whoever
-- speaks. The old index goes first: the new one takes its pages.
DROP INDEX message_client;
CREATE UNIQUE INDEX message_key ON message (conversation_id, client_msg_id, sender_id) WHERE client_msg_id IS NOT NULL;
