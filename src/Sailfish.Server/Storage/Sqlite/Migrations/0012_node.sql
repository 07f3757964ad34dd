-- Which start of a server this is: it goes up with each, and stands in the high bits of what must not come twice.
CREATE TABLE node (
  generation INTEGER NOT NULL
);
INSERT INTO node VALUES (0);
