-- known: an account has this identifier. What is counted for it ends with the right password, never
-- by time (LIM-08); what strangers made up goes after a day.
ALTER TABLE guesses ADD COLUMN known boolean NOT NULL DEFAULT false;
