-- One text or mail to send. Codes and links are not in it: they are derived when it is sent, from
-- the challenge or link it names (CODE-05). locked_until hands over when a sender dies.
CREATE TABLE messages (
  id uuid PRIMARY KEY,
  channel text NOT NULL CHECK (channel IN ('text', 'mail')),
  template text NOT NULL,
  account_id uuid,
  destination text NOT NULL,
  parameters jsonb NOT NULL DEFAULT '{}',
  challenge_id uuid,
  link_id uuid,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  next_try_at timestamptz NOT NULL,
  locked_until timestamptz NOT NULL DEFAULT 'epoch',
  tries integer NOT NULL DEFAULT 0,
  accepted_at timestamptz,
  failed_at timestamptz,
  failure text,
  carrier text,
  carrier_reference text
);
CREATE INDEX messages_due ON messages (next_try_at) WHERE accepted_at IS NULL AND failed_at IS NULL;
CREATE INDEX messages_challenge ON messages (challenge_id) WHERE challenge_id IS NOT NULL;
CREATE INDEX messages_account ON messages (account_id) WHERE account_id IS NOT NULL;
CREATE INDEX messages_created ON messages (created_at);

-- When something was last sent, by account, destination and source (CODE-06); times holds what the
-- longest window needs. Keys are keyed digests.
CREATE TABLE sends (
  key text PRIMARY KEY,
  times timestamptz[] NOT NULL
);
