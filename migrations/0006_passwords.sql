-- Links to choose a new password. epoch: such a link is good only while this is still its account's,
-- so whatever ends sessions ends it too (PW-07).
ALTER TABLE links ADD COLUMN epoch integer;
ALTER TABLE links DROP CONSTRAINT links_purpose_check;
ALTER TABLE links ADD CONSTRAINT links_purpose_check CHECK (purpose IN
  ('first-owner', 'sign-up', 'verify-email', 'not-me', 'reset-password'));

-- The second step of a reset is a challenge, found by its link's token (token_hash) and with as many
-- attempts as the link has in its whole life. proven_at: when it was passed (PW-10).
ALTER TABLE challenges ADD COLUMN proven_at timestamptz;
ALTER TABLE challenges DROP CONSTRAINT challenges_purpose_check;
ALTER TABLE challenges DROP CONSTRAINT challenges_check;
ALTER TABLE challenges DROP CONSTRAINT challenges_check1;
ALTER TABLE challenges ADD CONSTRAINT challenges_purpose_check CHECK (purpose IN
  ('sign-in', 'step-up', 'set-up', 'new-number', 'reset'));
ALTER TABLE challenges ADD CONSTRAINT challenges_token_check CHECK
  ((purpose IN ('sign-in', 'reset')) = (token_hash IS NOT NULL));
ALTER TABLE challenges ADD CONSTRAINT challenges_session_check CHECK
  ((purpose IN ('sign-in', 'reset')) = (session_id IS NULL));
