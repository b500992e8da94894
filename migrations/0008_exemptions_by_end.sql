-- Exemptions that end soon: their members are reminded before.
CREATE INDEX memberships_exempt ON memberships (exempt_until) WHERE exempt_until IS NOT NULL;
-- Teams that require something, for the work that is done once a day.
CREATE INDEX policies_required ON policies (team_id) WHERE required;
