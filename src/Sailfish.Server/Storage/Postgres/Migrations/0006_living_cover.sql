-- Pictures that open rooms are shown with, which are compressed as they come. They go with their rooms.
CREATE TABLE living_cover (
  room_id bigint PRIMARY KEY REFERENCES living_room (id) ON DELETE CASCADE,
  name    text COLLATE "C" NOT NULL,             -- made from the content: another picture has another
  chosen  boolean NOT NULL,                      -- by the anchor, and not taken by the page
  content bytea NOT NULL
);
ALTER TABLE living_cover ALTER COLUMN content SET STORAGE EXTERNAL;
