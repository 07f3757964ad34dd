-- Pictures that open rooms are shown with. They go with their rooms.
CREATE TABLE living_cover (
  room_id INTEGER PRIMARY KEY,
  name    TEXT NOT NULL,              -- made from the content: another picture has another
  chosen  INTEGER NOT NULL,           -- 1: by the anchor; 0: taken by the page
  content BLOB NOT NULL
);
CREATE TRIGGER living_cover_end AFTER DELETE ON living_room BEGIN
  DELETE FROM living_cover WHERE room_id = old.id;
END;
