-- What a team requires (product.md, Teams). Without a row nothing is required and all is allowed.
-- version: raised at each change; who changes it names the one they saw.
-- bites: at each member's next login after `since`, from bites_at on, or now.
-- strengths: how strong a method must be to count, by its strengths.
CREATE TABLE policies (
  team_id uuid PRIMARY KEY REFERENCES teams ON DELETE CASCADE,
  version integer NOT NULL DEFAULT 1,
  required boolean NOT NULL DEFAULT false,
  bites text NOT NULL DEFAULT 'next-login' CHECK (bites IN ('next-login', 'date', 'now')),
  since timestamptz,
  bites_at timestamptz,
  joiner_days integer NOT NULL DEFAULT 0 CHECK (joiner_days BETWEEN 0 AND 30),
  strengths text[] NOT NULL DEFAULT '{phishing-resistant,good,restricted,weakest}',
  trust_days integer NOT NULL DEFAULT 14 CHECK (trust_days BETWEEN 0 AND 14),
  paused_until timestamptz,
  changed_at timestamptz NOT NULL,
  changed_by uuid,
  CHECK (NOT required OR since IS NOT NULL),
  CHECK (bites <> 'date' OR NOT required OR bites_at IS NOT NULL)
);

-- A change of a policy between its panel and its confirmation, one for each team and admin: it
-- survives the step-up in between. `policy` as the API takes it; base_version: the one that was seen.
CREATE TABLE policy_drafts (
  team_id uuid NOT NULL REFERENCES teams ON DELETE CASCADE,
  account_id uuid NOT NULL REFERENCES accounts ON DELETE CASCADE,
  base_version integer NOT NULL,
  policy jsonb NOT NULL,
  made_at timestamptz NOT NULL,
  PRIMARY KEY (team_id, account_id)
);

-- How many of a team were ready, one row a day (UTC).
CREATE TABLE coverage (
  team_id uuid NOT NULL REFERENCES teams ON DELETE CASCADE,
  day date NOT NULL,
  members integer NOT NULL,
  ready integer NOT NULL,
  PRIMARY KEY (team_id, day)
);

-- kinds: the account's confirmed methods that take answers still, by kind; kept by the triggers
-- below, so that a list of members need not read methods. methods_locked: all of them are switched
-- off. password_closed_at: after too many wrong passwords only a reset opens the account (LIM-08).
ALTER TABLE accounts ADD COLUMN kinds text[] NOT NULL DEFAULT '{}';
ALTER TABLE accounts ADD COLUMN methods_locked boolean NOT NULL DEFAULT false;
ALTER TABLE accounts ADD COLUMN password_closed_at timestamptz;

-- first_joined_at: leaving and coming back restarts no grace period (TEAM-03).
-- sessions_from: sessions opened before open nothing of this team (TEAM-09).
-- exempt_*: not required of this member until then, why, and who said so.
-- name_key, email_key, search, kinds, locked follow the account by the triggers below: a team's
-- members are listed, searched and counted from this table alone, whatever else is stored.
ALTER TABLE memberships ADD COLUMN first_joined_at timestamptz;
UPDATE memberships SET first_joined_at = joined_at;
ALTER TABLE memberships ADD COLUMN sessions_from timestamptz;
ALTER TABLE memberships ADD COLUMN exempt_until timestamptz;
ALTER TABLE memberships ADD COLUMN exempt_reason text;
ALTER TABLE memberships ADD COLUMN exempt_by uuid;
ALTER TABLE memberships ADD COLUMN reminded_at timestamptz;
ALTER TABLE memberships ADD COLUMN name_key text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE memberships ADD COLUMN email_key text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE memberships ADD COLUMN search text NOT NULL DEFAULT '';
ALTER TABLE memberships ADD COLUMN kinds text[] NOT NULL DEFAULT '{}';
ALTER TABLE memberships ADD COLUMN locked boolean NOT NULL DEFAULT false;
CREATE INDEX memberships_by_name ON memberships (team_id, name_key, account_id);
CREATE INDEX memberships_by_email ON memberships (team_id, email_key, account_id);
CREATE INDEX memberships_by_joined ON memberships (team_id, joined_at, account_id);

-- When somebody who left a team had first joined it.
CREATE TABLE former_members (
  team_id uuid NOT NULL REFERENCES teams ON DELETE CASCADE,
  account_id uuid NOT NULL REFERENCES accounts ON DELETE CASCADE,
  first_joined_at timestamptz NOT NULL,
  PRIMARY KEY (team_id, account_id)
);

-- Letters as they are compared and sorted: small, accents taken off.
CREATE FUNCTION plain_letters(words text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN lower(regexp_replace(normalize(words, NFKD), U&'[\0300-\036F]', '', 'g'));

CREATE FUNCTION memberships_follow(account uuid) RETURNS void LANGUAGE sql AS $$
  UPDATE memberships m SET name_key = plain_letters(a.name), email_key = a.email_key,
    search = plain_letters(a.name || ' ' || a.email), kinds = a.kinds,
    locked = a.methods_locked OR a.password_closed_at IS NOT NULL
  FROM accounts a WHERE a.id = account AND m.account_id = account
$$;

CREATE FUNCTION memberships_begin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE memberships m SET first_joined_at = coalesce((SELECT f.first_joined_at
    FROM former_members f WHERE f.team_id = m.team_id AND f.account_id = m.account_id), m.joined_at)
  WHERE m.team_id = NEW.team_id AND m.account_id = NEW.account_id AND m.first_joined_at IS NULL;
  PERFORM memberships_follow(NEW.account_id);
  RETURN NULL;
END $$;
CREATE TRIGGER memberships_begin AFTER INSERT ON memberships
  FOR EACH ROW EXECUTE FUNCTION memberships_begin();

CREATE FUNCTION accounts_lead() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM memberships_follow(NEW.id);
  RETURN NULL;
END $$;
CREATE TRIGGER accounts_lead
  AFTER UPDATE OF name, email, email_key, kinds, methods_locked, password_closed_at ON accounts
  FOR EACH ROW WHEN ((OLD.name, OLD.email, OLD.email_key, OLD.kinds, OLD.methods_locked,
    OLD.password_closed_at) IS DISTINCT FROM (NEW.name, NEW.email, NEW.email_key, NEW.kinds,
    NEW.methods_locked, NEW.password_closed_at)) EXECUTE FUNCTION accounts_lead();

-- A method counts while it is confirmed and has fewer than 100 failures (LIM-02).
CREATE FUNCTION methods_count(account uuid) RETURNS void LANGUAGE sql AS $$
  UPDATE accounts SET
    kinds = coalesce((SELECT array_agg(DISTINCT m.kind ORDER BY m.kind) FROM methods m
      WHERE m.account_id = account AND m.confirmed_at IS NOT NULL AND m.failures < 100), '{}'),
    methods_locked = coalesce((SELECT bool_and(m.failures >= 100) FROM methods m
      WHERE m.account_id = account AND m.confirmed_at IS NOT NULL), false)
  WHERE id = account
$$;

CREATE FUNCTION methods_lead() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM methods_count(CASE TG_OP WHEN 'DELETE' THEN OLD.account_id ELSE NEW.account_id END);
  RETURN NULL;
END $$;
CREATE TRIGGER methods_begin AFTER INSERT ON methods
  FOR EACH ROW WHEN (NEW.confirmed_at IS NOT NULL) EXECUTE FUNCTION methods_lead();
CREATE TRIGGER methods_end AFTER DELETE ON methods
  FOR EACH ROW WHEN (OLD.confirmed_at IS NOT NULL) EXECUTE FUNCTION methods_lead();
CREATE TRIGGER methods_lead AFTER UPDATE OF confirmed_at, failures ON methods
  FOR EACH ROW WHEN (OLD.confirmed_at IS DISTINCT FROM NEW.confirmed_at
    OR (OLD.failures < 100) <> (NEW.failures < 100)) EXECUTE FUNCTION methods_lead();

SELECT methods_count(id) FROM accounts;
SELECT memberships_follow(id) FROM accounts;

-- Somebody asked to join a team, by an address. link_id: the link mailed last; those before are void.
CREATE TABLE invitations (
  id uuid PRIMARY KEY,
  team_id uuid NOT NULL REFERENCES teams ON DELETE CASCADE,
  email text NOT NULL,
  email_key text NOT NULL,
  role text NOT NULL CHECK (role IN ('admin', 'member')),
  link_id uuid NOT NULL,
  invited_by uuid,
  created_at timestamptz NOT NULL,
  sent_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX invitations_address ON invitations (team_id, email_key);
CREATE INDEX invitations_by_age ON invitations (team_id, created_at, id);
CREATE INDEX invitations_to ON invitations (email_key);
CREATE UNIQUE INDEX invitations_link ON invitations (link_id);
ALTER TABLE links DROP CONSTRAINT links_purpose_check;
ALTER TABLE links ADD CONSTRAINT links_purpose_check CHECK (purpose IN
  ('first-owner', 'sign-up', 'verify-email', 'not-me', 'reset-password', 'invitation'));

-- A team's key for programs: only its hash is kept.
CREATE TABLE api_keys (
  id uuid PRIMARY KEY,
  team_id uuid NOT NULL REFERENCES teams ON DELETE CASCADE,
  name text NOT NULL,
  token_hash bytea NOT NULL UNIQUE,
  scopes text[] NOT NULL,
  made_by uuid NOT NULL REFERENCES accounts ON DELETE CASCADE,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  last_used_at timestamptz
);
CREATE INDEX api_keys_team ON api_keys (team_id, created_at);
CREATE INDEX api_keys_maker ON api_keys (made_by);

-- A one-time pass an admin gave: stands in for the second step once, after the right password.
CREATE TABLE passes (
  account_id uuid PRIMARY KEY REFERENCES accounts ON DELETE CASCADE,
  team_id uuid NOT NULL REFERENCES teams ON DELETE CASCADE,
  hash bytea NOT NULL,
  made_by uuid,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  failures integer NOT NULL DEFAULT 0,
  not_before timestamptz NOT NULL DEFAULT 'epoch'
);

-- mailbox_at: a code mailed to the account's address was entered in this session (ENR-03).
-- wanted: the page first asked for, to go on to when a required set-up is done.
-- team_id: the team whose settings the menu shows.
ALTER TABLE sessions ADD COLUMN mailbox_at timestamptz;
ALTER TABLE sessions ADD COLUMN wanted text;
ALTER TABLE sessions ADD COLUMN team_id uuid;

ALTER TABLE challenges DROP CONSTRAINT challenges_purpose_check;
ALTER TABLE challenges ADD CONSTRAINT challenges_purpose_check CHECK (purpose IN
  ('sign-in', 'step-up', 'set-up', 'new-number', 'reset', 'mailbox'));

-- What a team's log shows; an account's event bears the team it joined first.
CREATE INDEX events_team ON events (team_id, id DESC) WHERE team_id IS NOT NULL;
