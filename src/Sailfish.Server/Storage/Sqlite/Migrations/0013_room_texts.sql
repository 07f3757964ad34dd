-- What an anchor has to say to all who come, and how often that or the name was changed.
ALTER TABLE living_room ADD COLUMN announcement TEXT NOT NULL DEFAULT '';
ALTER TABLE living_room ADD COLUMN edition INTEGER NOT NULL DEFAULT 0;
