-- What the list of a team's members filters by besides: nobody has signed in to the account yet, and
-- its address is not confirmed, so that nothing mailed may reach it. Both follow the account, as
-- name_key and the others do.
ALTER TABLE memberships ADD COLUMN never_signed_in boolean NOT NULL DEFAULT true;
ALTER TABLE memberships ADD COLUMN unreachable boolean NOT NULL DEFAULT true;

CREATE OR REPLACE FUNCTION memberships_follow(account uuid) RETURNS void LANGUAGE sql AS $$
  UPDATE memberships m SET name_key = plain_letters(a.name), email_key = a.email_key,
    search = plain_letters(a.name || ' ' || a.email), kinds = a.kinds,
    locked = a.methods_locked OR a.password_closed_at IS NOT NULL,
    never_signed_in = a.last_sign_in_at IS NULL, unreachable = a.email_verified_at IS NULL
  FROM accounts a WHERE a.id = account AND m.account_id = account
$$;

-- Of all the sign-ins of an account only the first changes anything here.
CREATE TRIGGER accounts_lead_once
  AFTER UPDATE OF last_sign_in_at, email_verified_at ON accounts
  FOR EACH ROW WHEN ((OLD.last_sign_in_at IS NULL, OLD.email_verified_at IS NULL)
    IS DISTINCT FROM (NEW.last_sign_in_at IS NULL, NEW.email_verified_at IS NULL))
  EXECUTE FUNCTION accounts_lead();

SELECT memberships_follow(id) FROM accounts;
