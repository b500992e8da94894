-- support_since: since when the account may work on recovery cases (REC-06). Only the operator's
-- command line sets it.
ALTER TABLE accounts ADD COLUMN IF NOT EXISTS support_since timestamptz;
