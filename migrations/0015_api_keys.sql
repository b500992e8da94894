-- slot: 1 to 20, one key each, so that a team never has more, whoever makes some at the same moment.
-- A key that has expired gives its slot up to the next.
ALTER TABLE api_keys ADD COLUMN slot smallint CHECK (slot BETWEEN 1 AND 20);
UPDATE api_keys k SET slot = numbered.slot FROM (
  SELECT id, row_number() OVER (PARTITION BY team_id ORDER BY created_at, id) AS slot FROM api_keys
) numbered WHERE numbered.id = k.id;
ALTER TABLE api_keys ALTER COLUMN slot SET NOT NULL;
CREATE UNIQUE INDEX api_keys_slot ON api_keys (team_id, slot);
CREATE INDEX api_keys_expiry ON api_keys (expires_at);
