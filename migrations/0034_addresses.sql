-- Further addresses that security notices go to as well; one counts once verified_at is set (NTF-02).
-- Nothing else is ever sent there, and nobody signs in with one.
CREATE TABLE notification_addresses (
  id uuid PRIMARY KEY,
  account_id uuid NOT NULL REFERENCES accounts ON DELETE CASCADE,
  email text NOT NULL,
  email_key text NOT NULL,
  link_id uuid NOT NULL,
  created_at timestamptz NOT NULL,
  verified_at timestamptz
);
CREATE UNIQUE INDEX notification_addresses_account ON notification_addresses (account_id, email_key);

-- 'change-email': the new address of an account, not in force before its link was used (EML-03).
-- 'notify-email': confirms a further address for notices.
ALTER TABLE links DROP CONSTRAINT links_purpose_check;
ALTER TABLE links ADD CONSTRAINT links_purpose_check CHECK (purpose IN
  ('first-owner', 'sign-up', 'verify-email', 'not-me', 'reset-password', 'invitation',
   'recovery-case', 'recover-account', 'change-email', 'notify-email'));

-- A case tells the further addresses too (REC-04).
CREATE OR REPLACE FUNCTION addresses_of(account uuid) RETURNS SETOF text LANGUAGE sql STABLE AS $$
  SELECT email FROM accounts WHERE id = account
  UNION ALL SELECT email FROM notification_addresses
    WHERE account_id = account AND verified_at IS NOT NULL
$$;
