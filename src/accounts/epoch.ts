/**
 * The CTEs that follow `raised` (id, epoch): every challenge, session and trusted device of the
 * account ends; `but` keeps sessions. What comes after is made from `changed`, which is `raised` once
 * the challenges are gone: all statements lock account, then challenges, then methods, recovery
 * codes and sessions, so that no two wait for each other.
 */
export function endAll(but = ''): string {
  return `
  closed AS (DELETE FROM challenges c USING raised WHERE c.account_id = raised.id RETURNING 1),
  changed AS (SELECT id, epoch FROM raised WHERE (SELECT count(*) FROM closed) >= 0),
  ended AS (DELETE FROM sessions s USING changed WHERE s.account_id = changed.id ${but}),
  untrusted AS (DELETE FROM trusted_devices d USING changed WHERE d.account_id = changed.id)`
}
