-- What makes a change of the security log visible (AUD-03): each seal covers every row from from_id to
-- to_id, where no further row can come to stand; mac is made under a key outside the database from all
-- the rest of the seal, the hash of its rows, and the mac of the seal before. Seals stay when the rows
-- they cover have passed their retention, so the chain can be followed from the first one on.
CREATE TABLE event_seals (
  number bigint PRIMARY KEY,
  from_id bigint NOT NULL,
  to_id bigint NOT NULL UNIQUE,
  count integer NOT NULL,
  newest_at timestamptz NOT NULL,
  rows_hash bytea NOT NULL,
  previous_mac bytea NOT NULL,
  mac bytea NOT NULL,
  at timestamptz NOT NULL
);

CREATE FUNCTION event_seals_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'seals of the security log stay as they are';
END $$;
CREATE TRIGGER event_seals_stay BEFORE UPDATE OR DELETE ON event_seals
  FOR EACH ROW EXECUTE FUNCTION event_seals_stay();
CREATE TRIGGER event_seals_not_emptied BEFORE TRUNCATE ON event_seals
  FOR EACH STATEMENT EXECUTE FUNCTION event_seals_stay();
