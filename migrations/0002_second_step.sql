-- A way to pass the second step; counts only once confirmed_at is set (ENR-02).
-- slot: the kind where an account holds one of them (sms, email), else the method's own id.
-- failures, not_before: consecutive wrong answers over all sign-ins (LIM-01 to LIM-04). At 100
-- failures the method is off for good (LIM-02): every statement that uses it asks for fewer.
CREATE TABLE methods (
  id uuid PRIMARY KEY,
  account_id uuid NOT NULL REFERENCES accounts ON DELETE CASCADE,
  kind text NOT NULL,
  slot text NOT NULL,
  name text NOT NULL,
  destination text,
  secret bytea,
  parameters jsonb NOT NULL DEFAULT '{}',
  last_step bigint,
  notice_version text,
  created_at timestamptz NOT NULL,
  pending_until timestamptz,
  confirmed_at timestamptz,
  last_used_at timestamptz,
  failures integer NOT NULL DEFAULT 0,
  not_before timestamptz NOT NULL DEFAULT 'epoch'
);
CREATE UNIQUE INDEX methods_slot ON methods (account_id, slot) WHERE confirmed_at IS NOT NULL;
CREATE UNIQUE INDEX methods_pending ON methods (account_id, kind) WHERE confirmed_at IS NULL;

-- Ten single-use codes, hashed under one salt for the set: one hash run decides an attempt (RC-03).
CREATE TABLE recovery_sets (
  account_id uuid PRIMARY KEY REFERENCES accounts ON DELETE CASCADE,
  salt bytea NOT NULL,
  made_at timestamptz NOT NULL,
  codes_left integer NOT NULL,
  saved_at timestamptz,
  failures integer NOT NULL DEFAULT 0,
  not_before timestamptz NOT NULL DEFAULT 'epoch'
);
CREATE TABLE recovery_codes (
  account_id uuid NOT NULL REFERENCES recovery_sets ON DELETE CASCADE,
  hash bytea NOT NULL,
  used_at timestamptz,
  PRIMARY KEY (account_id, hash)
);

-- A finished sign-in. Records each proof and its time (SES-04); second_step_* stay empty when a
-- trusted device stood in (TD-04).
CREATE TABLE sessions (
  id uuid PRIMARY KEY,
  token_hash bytea NOT NULL UNIQUE,
  account_id uuid NOT NULL REFERENCES accounts ON DELETE CASCADE,
  epoch integer NOT NULL,
  created_at timestamptz NOT NULL,
  seen_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  password_at timestamptz,
  second_step_at timestamptz,
  second_step_kind text,
  second_step_method uuid,
  trusted_device_id uuid,
  source text NOT NULL,
  browser text NOT NULL
);
CREATE INDEX sessions_account ON sessions (account_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);

-- One request for one proof: for a sign-in, a step-up, a set-up or a new number.
-- Of a sign-in it is the whole pending state, found by its cookie (token_hash); the others belong
-- to a session. seed: 128 random bits from which the present code is derived; a change of method
-- makes a new one, which voids the code before it (CODE-04). sent_at: when that code was first sent.
CREATE TABLE challenges (
  id uuid PRIMARY KEY,
  purpose text NOT NULL CHECK (purpose IN ('sign-in', 'step-up', 'set-up', 'new-number')),
  token_hash bytea UNIQUE,
  session_id uuid REFERENCES sessions ON DELETE CASCADE,
  account_id uuid NOT NULL REFERENCES accounts ON DELETE CASCADE,
  epoch integer NOT NULL,
  method_id uuid,
  destination text,
  seed bytea NOT NULL,
  sent_at timestamptz,
  attempts_left integer NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  return_to text,
  source text NOT NULL,
  browser text NOT NULL,
  CHECK ((purpose = 'sign-in') = (token_hash IS NOT NULL)),
  CHECK ((purpose = 'sign-in') = (session_id IS NULL))
);
CREATE UNIQUE INDEX challenges_session ON challenges (session_id, purpose);
CREATE INDEX challenges_account ON challenges (account_id);
CREATE INDEX challenges_expiry ON challenges (expires_at);

-- One browser that may skip the second step of one account. Its cookie is derived from id and
-- generation under a key outside the database; generation grows at each use (TD-07).
CREATE TABLE trusted_devices (
  id uuid PRIMARY KEY,
  account_id uuid NOT NULL REFERENCES accounts ON DELETE CASCADE,
  epoch integer NOT NULL,
  generation integer NOT NULL DEFAULT 0,
  rotated_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL,
  last_used_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  source text NOT NULL,
  browser text NOT NULL
);
CREATE INDEX trusted_devices_account ON trusted_devices (account_id);
