-- The security log. Rows are added, never changed or taken back (AUD-03); only what is past the
-- shortest allowed retention may be cleaned up.
CREATE TABLE events (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL,
  kind text NOT NULL,
  account_id uuid,
  actor_id uuid,
  team_id uuid,
  method_kind text,
  source text NOT NULL,
  browser text NOT NULL,
  session_hash text,
  request_id text NOT NULL,
  details jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX events_account ON events (account_id, id DESC);

CREATE FUNCTION events_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND OLD.at < now() - interval '30 days' THEN RETURN OLD; END IF;
  RAISE EXCEPTION 'the security log is append-only';
END $$;
CREATE TRIGGER events_stay BEFORE UPDATE OR DELETE ON events
  FOR EACH ROW EXECUTE FUNCTION events_stay();
CREATE TRIGGER events_not_emptied BEFORE TRUNCATE ON events
  FOR EACH STATEMENT EXECUTE FUNCTION events_stay();
