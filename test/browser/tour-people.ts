/** How people come into a team, change place in it and leave: every page and state of it. */
import type { Page } from 'playwright-core'
import { someAddress } from '../support/invited.ts'
import type { Person } from '../support/people.ts'
import { join, ownTeam, setPolicy } from '../support/teams.ts'
import { arriveAt, press } from './acts.ts'
import type { Stage } from './stage.ts'
import { linkTo, sendEmpty } from './tour-door.ts'
import type { See } from './tour-door.ts'

const long = `${'a.very.long.name.of.somebody.'.repeat(2)}x@${'department.'.repeat(6)}example.org`

/** The team's side: the list, inviting, and each act on an invitation. */
export async function tourOfInviting(stage: Stage, see: See): Promise<void> {
  const owner = await stage.somebody('totp')
  const page = await stage.signedIn(owner)
  const root = `/teams/${await ownTeam(stage.copies.world, owner.id)}/invitations`
  await page.goto(root)
  await see(page, 'invitations-none')
  await press(page, 'Invite people')
  await see(page, 'invite')
  await sendEmpty(page)
  await see(page, 'invite-empty')
  const [first, second] = [someAddress('ada'), someAddress('grace')]
  await page.getByLabel('Email addresses').fill(`${first}\nnot an address; ${first}`)
  await press(page, 'Send the invitations')
  await see(page, 'invite-not-right')
  await page.getByLabel('Email addresses').fill(`${first}\nGrace Hopper <${second}>\n${long}`)
  await page.getByLabel('Admin', { exact: true }).check()
  await press(page, 'Send the invitations')
  await see(page, 'invitations')
  await rowOf(page, first).getByRole('link', { name: 'Role' }).click()
  await see(page, 'invitation-role')
  await press(page, 'Invite as member')
  await see(page, 'invitation-role-changed')
  await rowOf(page, second).getByRole('link', { name: 'Withdraw' }).click()
  await see(page, 'invitation-revoke')
  await page.goto(root)
  await rowOf(page, first).getByRole('button', { name: 'Resend' }).click()
  await page.getByText('The next one can go in').waitFor()
  await see(page, 'invitation-sent-just-now')
  await stage.sql('UPDATE invitations SET expires_at = $1', [stage.copies.clock.now()])
  await page.goto(root)
  await see(page, 'invitations-expired')
  await asAdmin(stage, owner, see)
  await page.context().close()
}

const rowOf = (page: Page, text: string) => page.locator('.row', { hasText: text })

async function asAdmin(stage: Stage, owner: Person, see: See): Promise<void> {
  const team = await ownTeam(stage.copies.world, owner.id)
  const admin = await stage.somebody('totp')
  await join(stage.copies.world, team, admin.id, 'admin')
  const page = await stage.signedIn(admin)
  await page.goto(`/teams/${team}/invitations`)
  await see(page, 'invitations-as-admin')
  await page.goto(`/teams/${team}/invitations/new`)
  await see(page, 'invite-as-admin')
  await page.context().close()
}

/** The other side: the link, with an account and without, and the list of one's own. */
export async function tourOfJoining(stage: Stage, see: See): Promise<void> {
  const owner = await stage.somebody('totp')
  const { world } = stage.copies
  const team = await ownTeam(world, owner.id)
  await setPolicy(world, team)
  const known = await stage.somebody('totp')
  const address = someAddress('new')
  await inviteFrom(stage, owner, team, [address, known.email])
  const page = await stage.visit()
  await page.goto(linkTo(stage, address))
  await see(page, 'join')
  await page.getByLabel('Your name').fill('Nina New')
  await page.getByLabel('Password', { exact: true }).fill('short')
  await press(page, 'Create account and join')
  await see(page, 'join-password-short')
  await page.getByLabel('Password', { exact: true }).fill('plum river candle seven')
  await press(page, 'Create account and join')
  await arriveAt(page, 'Sign in')
  await page.goto(linkTo(stage, address))
  await see(page, 'invitation-over')
  await page.goto(linkTo(stage, known.email))
  await see(page, 'join-with-account')
  const other = await stage.signedIn(await stage.somebody('totp'))
  await other.goto(linkTo(stage, known.email))
  await see(other, 'invitation-of-another')
  await inside(stage, known, see)
}

async function inside(stage: Stage, known: Person, see: See): Promise<void> {
  const page = await stage.signedIn(known)
  await page.goto(linkTo(stage, known.email))
  await see(page, 'join-signed-in')
  await page.goto('/')
  await see(page, 'home-invited')
  await press(page, 'See invitations')
  await see(page, 'received')
  await page.getByRole('link', { name: 'Decline' }).click()
  await see(page, 'received-decline')
  await page.goto('/invitations')
  await page.getByRole('link', { name: 'Accept' }).click()
  await see(page, 'received-accept')
  await press(page, 'Join the team')
  await see(page, 'home-joined')
  await page.goto('/invitations')
  await see(page, 'received-none')
  await stage.sql('UPDATE accounts SET email_verified_at = NULL WHERE id = $1', [known.id])
  await page.goto('/invitations')
  await see(page, 'received-unconfirmed')
  await page.context().close()
}

async function inviteFrom(
  stage: Stage,
  owner: Person,
  team: string,
  addresses: readonly string[],
): Promise<void> {
  const page = await stage.signedIn(owner)
  await page.goto(`/teams/${team}/invitations/new`)
  await page.getByLabel('Email addresses').fill(addresses.join('\n'))
  await press(page, 'Send the invitations')
  await stage.copies.delivered()
  await page.context().close()
}

/** Roles, removal, leaving, handing over, and a team of one's own. */
export async function tourOfRoles(stage: Stage, see: See): Promise<void> {
  const { world } = stage.copies
  const owner = await stage.somebody('totp')
  const team = await ownTeam(world, owner.id)
  const [admin, member] = [await stage.somebody('totp'), await stage.somebody()]
  await join(world, team, admin.id, 'admin')
  await join(world, team, member.id)
  await inviteFrom(stage, admin, team, [someAddress(), someAddress()])
  const page = await stage.signedIn(owner)
  const pages = [
    [`/teams/${team}/members/${member.id}/role`, 'role-to-admin'],
    [`/teams/${team}/members/${admin.id}/role`, 'role-to-member'],
    [`/teams/${team}/members/${admin.id}/remove`, 'member-remove'],
    [`/teams/${team}/hand-over`, 'hand-over'],
    [`/teams/${team}/leave`, 'leave-as-owner'],
    ['/teams/new', 'new-team'],
  ] as const
  for (const [path, name] of pages) {
    await page.goto(path)
    await see(page, name)
  }
  await sendEmpty(page)
  await see(page, 'new-team-empty')
  await page.getByLabel('Team name').fill('مهندسو الغد')
  await press(page, 'Make the team')
  await see(page, 'new-team-made')
  await page.goto('/')
  await page.locator('summary').click()
  await see(page, 'home-two-teams')
  await setPolicy(world, team)
  await handOverWrongly(page, team, member, see)
  const leaving = await stage.signedIn(admin)
  await leaving.goto(`/teams/${team}/leave`)
  await see(leaving, 'leave')
  await press(leaving, 'Leave the team')
  await see(leaving, 'left')
  await page.context().close()
}

async function handOverWrongly(page: Page, team: string, to: Person, see: See): Promise<void> {
  const path = `/teams/${team}/hand-over`
  for (const [email, name] of [
    ['nobody@example.org', 'hand-over-nobody'],
    [to.email, 'hand-over-not-protected'],
  ] as const) {
    await page.goto(path)
    await page.getByLabel('Email address of the new owner').fill(email)
    await press(page, 'Hand the team over')
    await see(page, name)
  }
}
