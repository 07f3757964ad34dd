-- Names that differ by case or width alone are one account's. Of such accounts that are there already, the
-- oldest has the key; the others have none, and are signed in to by their exact names, as before.
ALTER TABLE account ADD COLUMN name_key TEXT;
UPDATE account SET name_key = sailfish_name_key(name);
UPDATE account SET name_key = NULL WHERE id NOT IN (SELECT min(id) FROM account GROUP BY name_key);
CREATE UNIQUE INDEX account_name_key ON account (name_key);
