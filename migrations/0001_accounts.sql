-- A person: address, password, name, profile phone.
-- epoch: raised by every change that ends what came before it (a method, the password, "sign out
-- everywhere"). Sessions, sign-ins and trusted devices carry the epoch they were made in and are
-- good only while it is still the account's: one UPDATE ends them all (ENR-04, TD-05).
CREATE TABLE accounts (
  id uuid PRIMARY KEY,
  email text NOT NULL,
  email_key text NOT NULL UNIQUE,
  email_verified_at timestamptz,
  password_hash text NOT NULL,
  name text NOT NULL,
  phone text CHECK (phone ~ '^\+[1-9][0-9]{6,14}$'),
  epoch integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  last_sign_in_at timestamptz,
  disabled_at timestamptz
);

CREATE TABLE teams (
  id uuid PRIMARY KEY,
  name text NOT NULL,
  created_at timestamptz NOT NULL
);

CREATE TABLE memberships (
  team_id uuid NOT NULL REFERENCES teams ON DELETE CASCADE,
  account_id uuid NOT NULL REFERENCES accounts ON DELETE CASCADE,
  role text NOT NULL CHECK (role IN ('owner', 'admin', 'member')),
  joined_at timestamptz NOT NULL,
  PRIMARY KEY (team_id, account_id)
);
CREATE INDEX memberships_account ON memberships (account_id);
CREATE UNIQUE INDEX memberships_one_owner ON memberships (team_id) WHERE role = 'owner';

-- A single-use link sent by mail or printed at the first start. Its token is derived from the id
-- under a key outside the database, so no usable link is stored.
CREATE TABLE links (
  id uuid PRIMARY KEY,
  purpose text NOT NULL CHECK (purpose IN ('first-owner', 'sign-up', 'verify-email', 'not-me')),
  account_id uuid REFERENCES accounts ON DELETE CASCADE,
  email text,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  used_at timestamptz
);
CREATE INDEX links_account ON links (account_id);
CREATE INDEX links_expiry ON links (expires_at);

-- Wrong passwords (LIM-08). One row per key: an identifier, a source, or the pair of both.
-- A key is a keyed digest, so the table names nobody. not_before: until then a guess is refused.
CREATE TABLE guesses (
  key text PRIMARY KEY,
  count integer NOT NULL,
  not_before timestamptz NOT NULL,
  at timestamptz NOT NULL
);

-- The wait after the n-th failure in a row (LIM-03): none before the first that waits, then
-- doubling up to the longest.
CREATE FUNCTION wait_after(failures integer, from_failure integer, first_seconds integer,
  longest_seconds integer) RETURNS interval LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN CASE WHEN failures < from_failure THEN interval '0'
    ELSE make_interval(secs => least(longest_seconds::double precision,
      first_seconds * power(2::double precision, least(failures - from_failure, 30)))) END;
