-- Invitations long past their end are deleted by the clean-up.
CREATE INDEX invitations_expiry ON invitations (expires_at);

-- The few who manage a team, found without reading all of its members.
CREATE INDEX memberships_managers ON memberships (team_id, name_key) WHERE role <> 'member';
