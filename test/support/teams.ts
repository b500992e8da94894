/** Teams for stories and attacks, put into the database as the program would have them. */
import { newId } from '../../src/crypto/random.ts'
import { addTeam } from '../../src/demo/store.ts'
import type { Policy, Role } from '../../src/policy/policy.ts'
import { strengths } from '../../src/policy/strength.ts'
import type { World } from '../../src/world.ts'

type TeamWorld = Pick<World, 'sql' | 'clock' | 'random'>

/** Makes a team without members; gives its id. */
export async function makeTeam(world: TeamWorld, name = 'Acme'): Promise<string> {
  const id = newId(world.clock(), world.random)
  await addTeam(world.sql, id, name, world.clock())
  return id
}

/** Lets somebody join, now. */
export async function join(
  world: TeamWorld,
  team: string,
  account: string,
  role: Role = 'member',
): Promise<void> {
  await world.sql.query(
    'INSERT INTO memberships (team_id, account_id, role, joined_at) VALUES ($1, $2, $3, $4)',
    [team, account, role, world.clock()],
  )
}

/** The team that `addSomebody` made for its person. */
export async function ownTeam({ sql }: TeamWorld, account: string): Promise<string> {
  const [row] = await sql.query<{ team_id: string }>(
    `SELECT team_id FROM memberships WHERE account_id = $1 AND role = 'owner'`,
    [account],
  )
  if (!row) throw new Error('owns no team')
  return row.team_id
}

/** Writes a team's policy as it is: required since now, at the next login, unless told otherwise. */
export async function setPolicy(
  world: TeamWorld,
  team: string,
  given: Partial<Policy> = {},
): Promise<void> {
  const p: Policy = {
    version: 1,
    required: true,
    bites: 'next-login',
    since: world.clock(),
    bites_at: null,
    joiner_days: 0,
    strengths,
    trust_days: 14,
    paused_until: null,
    ...given,
  }
  await world.sql.query(
    `INSERT INTO policies (team_id, required, bites, since, bites_at, joiner_days, strengths,
       trust_days, paused_until, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     ON CONFLICT (team_id) DO UPDATE SET version = policies.version + 1,
       required = excluded.required, bites = excluded.bites, since = excluded.since,
       bites_at = excluded.bites_at, joiner_days = excluded.joiner_days,
       strengths = excluded.strengths, trust_days = excluded.trust_days,
       paused_until = excluded.paused_until, changed_at = excluded.changed_at`,
    [
      team,
      p.required,
      p.bites,
      p.since,
      p.bites_at,
      p.joiner_days,
      p.strengths,
      p.trust_days,
      p.paused_until,
      world.clock(),
    ],
  )
}
