-- As 0032 has it, and what happens to the case of somebody in several teams stands in each one's log.
CREATE OR REPLACE FUNCTION stop_case(one uuid, how text, moment timestamptz, actor uuid, why text,
  source text, browser text, request text, session text) RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
  k cases;
  teams uuid[];
BEGIN
  UPDATE cases SET closed_at = moment, outcome = how, closed_by = actor, reason = why,
    password_hash = NULL
  WHERE id = one AND closed_at IS NULL RETURNING * INTO k;
  IF k.id IS NULL THEN RETURN NULL; END IF;
  DELETE FROM sessions s WHERE s.recovery_case = k.id;
  UPDATE links l SET used_at = moment WHERE l.id IN (k.id, k.link_id) AND l.used_at IS NULL;
  SELECT array_agg(m.team_id ORDER BY m.joined_at, m.team_id) INTO teams
    FROM memberships m WHERE m.account_id = k.account_id;
  INSERT INTO events (at, kind, account_id, actor_id, team_id, others, source, browser,
    session_hash, request_id, details)
  VALUES (moment, CASE how WHEN 'declined' THEN 'case.declined' WHEN 'expired' THEN 'case.expired'
      ELSE 'case.stopped' END, k.account_id, actor, teams[1],
    CASE WHEN actor IS NULL OR actor = k.account_id THEN nullif(teams[2:], '{}') END,
    source, browser, session, request, jsonb_build_object('case', k.id, 'how', how));
  PERFORM tell_case(k.id, k.account_id, 'stopped', moment,
    jsonb_build_object('how', how, 'source', source, 'browser', browser));
  RETURN k.id;
END $$;
