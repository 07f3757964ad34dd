-- What an anchor has to say to all who come, and how often that or the name was changed.
ALTER TABLE living_room
  ADD COLUMN announcement text NOT NULL DEFAULT '',
  ADD COLUMN edition      int NOT NULL DEFAULT 0;
