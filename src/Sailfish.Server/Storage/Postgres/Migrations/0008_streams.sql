-- Where the other nodes fetch the streams that come in here; empty where they do not.
ALTER TABLE node ADD COLUMN advertise text NOT NULL DEFAULT '';

-- Which node has the publisher of a room's stream: valid for as long as the node's lease is. Gone with a crash; the nodes write
-- theirs again.
CREATE UNLOGGED TABLE stream (
  app_id        bigint NOT NULL,
  room_id       bigint NOT NULL,
  node          bigint NOT NULL,
  state         smallint NOT NULL DEFAULT 0,     -- 0 no picture yet, 1 live, 2 away
  has_publisher boolean NOT NULL DEFAULT true,
  width         int NOT NULL DEFAULT 0,
  height        int NOT NULL DEFAULT 0,
  since         timestamptz NOT NULL DEFAULT clock_timestamp(), -- this node has it
  taken_at      timestamptz NOT NULL DEFAULT '-infinity',       -- when it was taken from a publisher who had it
  PRIMARY KEY (app_id, room_id)
) WITH (fillfactor = 70);
CREATE INDEX stream_node ON stream (node);
