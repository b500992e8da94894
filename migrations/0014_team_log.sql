-- A team's security log. others: the further teams of an account, of an event of its own; team_id
-- is the one it joined first. Both are those of the moment, so no log shows what was before somebody
-- joined, and an event of one team's making is in that team's log alone.
ALTER TABLE events ADD COLUMN others uuid[];

-- Logs are read newest first, by time, and by kind or account where only those are asked for.
DROP INDEX events_account;
CREATE INDEX events_account ON events (account_id, at DESC, id DESC);
DROP INDEX events_team;
CREATE INDEX events_team ON events (team_id, at DESC, id DESC) WHERE team_id IS NOT NULL;
CREATE INDEX events_team_kind ON events (team_id, kind, at DESC, id DESC)
  WHERE team_id IS NOT NULL;
-- What somebody did to another account, or to a team.
CREATE INDEX events_acted ON events (actor_id, at DESC, id DESC)
  WHERE actor_id IS DISTINCT FROM account_id;
-- Rows lie in the order of time: what is past its retention is found without reading the rest.
CREATE INDEX events_at ON events USING brin (at);

-- The events of `others`, by team: a row for each team but the first. Kept like the log itself.
CREATE TABLE team_events (
  team_id uuid NOT NULL,
  at timestamptz NOT NULL,
  event_id bigint NOT NULL,
  kind text NOT NULL,
  PRIMARY KEY (team_id, at, event_id)
);
CREATE INDEX team_events_kind ON team_events (team_id, kind, at DESC, event_id DESC);
CREATE INDEX team_events_at ON team_events USING brin (at);

INSERT INTO team_events (team_id, at, event_id, kind)
  SELECT m.team_id, e.at, e.id, e.kind FROM events e JOIN memberships m ON m.account_id = e.account_id
  WHERE m.team_id IS DISTINCT FROM e.team_id AND e.at >= m.joined_at
    AND (e.actor_id IS NULL OR e.actor_id = e.account_id);

CREATE FUNCTION events_spread() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO team_events (team_id, at, event_id, kind)
    SELECT other, NEW.at, NEW.id, NEW.kind FROM unnest(NEW.others) AS other;
  RETURN NULL;
END $$;
CREATE TRIGGER events_spread AFTER INSERT ON events
  FOR EACH ROW WHEN (NEW.others IS NOT NULL) EXECUTE FUNCTION events_spread();

CREATE FUNCTION team_events_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND NOT EXISTS (SELECT FROM events e WHERE e.id = OLD.event_id) THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'the security log is append-only';
END $$;
CREATE TRIGGER team_events_stay BEFORE UPDATE OR DELETE ON team_events
  FOR EACH ROW EXECUTE FUNCTION team_events_stay();
CREATE TRIGGER team_events_not_emptied BEFORE TRUNCATE ON team_events
  FOR EACH STATEMENT EXECUTE FUNCTION events_stay();
