-- Each way to sort a team's members holds all that a list filters, searches and counts by: it is read
-- from the index alone, one page after the other of it, wherever the rows themselves lie between those
-- of other teams. Sign-ins and reminders change none of these columns, but for the first sign-in.
DROP INDEX memberships_by_name;
DROP INDEX memberships_by_email;
DROP INDEX memberships_by_joined;
CREATE INDEX memberships_by_name ON memberships (team_id, name_key, account_id)
  INCLUDE (search, kinds, locked, exempt_until, first_joined_at, never_signed_in, unreachable,
    role, joined_at);
CREATE INDEX memberships_by_email ON memberships (team_id, email_key, account_id)
  INCLUDE (search, kinds, locked, exempt_until, first_joined_at, never_signed_in, unreachable,
    role, joined_at);
CREATE INDEX memberships_by_joined ON memberships (team_id, joined_at, account_id)
  INCLUDE (search, kinds, locked, exempt_until, first_joined_at, never_signed_in, unreachable,
    role);
