-- What account names look like: each has one to three skeletons, and a new one must share none with another's. Accounts
-- that look alike already stay as they are. Keys are made anew, for now they are of composed letters; one whose new key
-- another has keeps the old one, and is signed in to by its exact name.
CREATE TABLE account_look (
  look       TEXT NOT NULL,
  account_id INTEGER NOT NULL,
  PRIMARY KEY (look, account_id)
) WITHOUT ROWID;
INSERT OR IGNORE INTO account_look (look, account_id)
  SELECT looks.value, account.id FROM account, json_each(sailfish_looks(account.name)) AS looks;
UPDATE OR IGNORE account SET name_key = sailfish_name_key(name)
  WHERE name_key IS NOT NULL AND name_key <> sailfish_name_key(name);
