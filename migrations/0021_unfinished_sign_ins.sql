-- Sign-ins whose password was right and whose second step never came (NTF-04).
-- reviewed_at: when it was decided whether the owner hears of one that ended without a session.
ALTER TABLE challenges ADD COLUMN reviewed_at timestamptz;

-- unfinished_told_at: when the owner was last mailed of one; one mail a day, and this decides it.
-- unfinished_seen_at: up to when the owner has seen them on Home, or has a new password since.
ALTER TABLE accounts ADD COLUMN unfinished_told_at timestamptz;
ALTER TABLE accounts ADD COLUMN unfinished_seen_at timestamptz;

-- Few rows, and none of those that a successful sign-in writes.
CREATE INDEX events_unfinished ON events (account_id, id DESC)
  WHERE kind IN ('sign-in.unfinished', 'sign-in.ended-by-tries');
