-- support_since: this person may decide recovery cases of others, and nothing more (REC-06).
-- frozen_until: until then how somebody signs in can't be weakened or moved (REC-07).
ALTER TABLE accounts ADD COLUMN IF NOT EXISTS support_since timestamptz;
ALTER TABLE accounts ADD COLUMN IF NOT EXISTS frozen_until timestamptz;

-- Support recovery (REC-01 to REC-08). A request changes nothing by itself.
-- hint: how support can reach the person by what it knew before. strict: the account was an owner's,
-- an admin's or of support when it was asked for: two approvers, the longer wait.
-- proof: what the person proved, by password or by a code to the mailbox. evidence_*: what support
-- checked, by a contact known before. stage: where it stands in support's queue.
-- link_id: the link that opens the set-up, made when the wait is over. opened_at: when it was used.
-- password_hash: the new password, where the old one is lost, until it takes the old one's place.
CREATE TABLE cases (
  id uuid PRIMARY KEY,
  account_id uuid NOT NULL REFERENCES accounts ON DELETE CASCADE,
  asked_at timestamptz NOT NULL,
  asked_by uuid,
  hint text NOT NULL,
  password_lost boolean NOT NULL,
  strict boolean NOT NULL,
  source text NOT NULL,
  browser text NOT NULL,
  expires_at timestamptz NOT NULL,
  proof text CHECK (proof IN ('password', 'mailbox')),
  proven_at timestamptz,
  evidence text,
  evidence_note text,
  evidence_by uuid,
  evidence_at timestamptz,
  first_approver uuid,
  first_approved_at timestamptz,
  second_approver uuid,
  approved_at timestamptz,
  opens_at timestamptz,
  link_id uuid,
  closes_at timestamptz,
  opened_at timestamptz,
  password_hash text,
  closed_at timestamptz,
  closed_by uuid,
  outcome text,
  reason text,
  stage text GENERATED ALWAYS AS (CASE
    WHEN closed_at IS NOT NULL THEN 'done'
    WHEN approved_at IS NOT NULL THEN 'waiting'
    WHEN first_approver IS NOT NULL THEN 'second'
    WHEN proven_at IS NULL THEN 'proof'
    ELSE 'check' END) STORED,
  CHECK ((proof IS NULL) = (proven_at IS NULL)),
  CHECK (first_approver IS NULL OR (proven_at IS NOT NULL AND evidence_at IS NOT NULL)),
  CHECK (second_approver IS NULL OR first_approver <> second_approver),
  CHECK (approved_at IS NULL OR (first_approver IS NOT NULL AND opens_at IS NOT NULL)),
  CHECK (account_id NOT IN (evidence_by, first_approver, second_approver)),
  CHECK ((closed_at IS NULL) = (outcome IS NULL))
);
CREATE UNIQUE INDEX cases_one_open ON cases (account_id) WHERE closed_at IS NULL;
CREATE INDEX cases_queue ON cases (stage, asked_at, id);
CREATE INDEX cases_account ON cases (account_id, asked_at);

-- Of a session that a case's link opened: nothing but the set-up of a new method is open in it.
ALTER TABLE sessions ADD COLUMN recovery_case uuid;
CREATE INDEX sessions_recovery_case ON sessions (recovery_case) WHERE recovery_case IS NOT NULL;

ALTER TABLE links DROP CONSTRAINT links_purpose_check;
ALTER TABLE links ADD CONSTRAINT links_purpose_check CHECK (purpose IN
  ('first-owner', 'sign-up', 'verify-email', 'not-me', 'reset-password', 'invitation',
   'recovery-case', 'recover-account'));

ALTER TABLE challenges DROP CONSTRAINT challenges_purpose_check;
ALTER TABLE challenges DROP CONSTRAINT challenges_token_check;
ALTER TABLE challenges DROP CONSTRAINT challenges_session_check;
ALTER TABLE challenges ADD CONSTRAINT challenges_purpose_check CHECK (purpose IN
  ('sign-in', 'step-up', 'set-up', 'new-number', 'reset', 'mailbox', 'case'));
ALTER TABLE challenges ADD CONSTRAINT challenges_token_check CHECK
  ((purpose IN ('sign-in', 'reset', 'case')) = (token_hash IS NOT NULL));
ALTER TABLE challenges ADD CONSTRAINT challenges_session_check CHECK
  ((purpose IN ('sign-in', 'reset', 'case')) = (session_id IS NULL));

-- Every address that is told what happens to an account (NTF-02).
CREATE FUNCTION addresses_of(account uuid) RETURNS SETOF text LANGUAGE sql STABLE AS $$
  SELECT email FROM accounts WHERE id = account
$$;

-- Tells every address of the account what happened to a case; the mail's link leads to the case
-- while that is open.
CREATE FUNCTION tell_case(one uuid, account uuid, happened text, moment timestamptz, facts jsonb)
RETURNS bigint LANGUAGE sql AS $$
  WITH told AS (
    INSERT INTO messages (id, channel, template, account_id, destination, parameters, link_id,
      created_at, expires_at, next_try_at)
    SELECT gen_random_uuid(), 'mail', 'recovery-case', account, address,
      facts || jsonb_build_object('event', happened), one, moment, moment + interval '7 days', moment
    FROM addresses_of(account) AS address RETURNING 1)
  SELECT count(*) FROM told
$$;

-- Ends an open case, whoever ends it: its links, what it had opened, the log, the mails. Null when
-- it was over. Decides the race with its approval and its completion: each waits for the case's row
-- and looks whether it is open.
CREATE FUNCTION stop_case(one uuid, how text, moment timestamptz, actor uuid, why text, source text,
  browser text, request text, session text) RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE k cases;
BEGIN
  UPDATE cases SET closed_at = moment, outcome = how, closed_by = actor, reason = why,
    password_hash = NULL
  WHERE id = one AND closed_at IS NULL RETURNING * INTO k;
  IF k.id IS NULL THEN RETURN NULL; END IF;
  DELETE FROM sessions s WHERE s.recovery_case = k.id;
  UPDATE links l SET used_at = moment WHERE l.id IN (k.id, k.link_id) AND l.used_at IS NULL;
  INSERT INTO events (at, kind, account_id, actor_id, team_id, source, browser, session_hash,
    request_id, details)
  VALUES (moment, CASE how WHEN 'declined' THEN 'case.declined' WHEN 'expired' THEN 'case.expired'
      ELSE 'case.stopped' END, k.account_id, actor,
    (SELECT m.team_id FROM memberships m WHERE m.account_id = k.account_id
      ORDER BY m.joined_at, m.team_id LIMIT 1),
    source, browser, session, request, jsonb_build_object('case', k.id, 'how', how));
  PERFORM tell_case(k.id, k.account_id, 'stopped', moment,
    jsonb_build_object('how', how, 'source', source, 'browser', browser));
  RETURN k.id;
END $$;

-- Whatever ends sessions ends an open case too: "this was not me", a changed method or password, a
-- reset by an admin (REC-01). The completion of a case has closed it in the same statement.
CREATE FUNCTION accounts_stop_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM stop_case(k.id, 'account-changed', coalesce(e.at, k.asked_at), e.actor_id, NULL,
    coalesce(e.source, ''), coalesce(e.browser, ''), coalesce(e.request_id, ''), e.session_hash)
  FROM cases k LEFT JOIN LATERAL (SELECT * FROM events
    WHERE account_id = NEW.id ORDER BY id DESC LIMIT 1) e ON true
  WHERE k.account_id = NEW.id AND k.closed_at IS NULL;
  RETURN NULL;
END $$;
CREATE TRIGGER accounts_stop_case AFTER UPDATE OF epoch ON accounts
  FOR EACH ROW WHEN (OLD.epoch <> NEW.epoch) EXECUTE FUNCTION accounts_stop_case();
