import { limits } from '../config.ts'
import { operatorNotices } from './operator-notices.ts'
import type { NoticeEvent } from './notice-events.ts'

/** What a notice's sentences are filled with, already made harmless. */
export type Filled = Readonly<
  Record<
    | 'method'
    | 'number'
    | 'address'
    | 'left'
    | 'use'
    | 'codes'
    | 'team'
    | 'by'
    | 'member'
    | 'reason'
    | 'until'
    | 'role'
    | 'key',
    string
  >
>

/** What one notice says: its title, what happened, and what to do. */
export type Words = {
  readonly title: string
  readonly what: (filled: Filled) => string
  readonly advice?: string
  /** Somebody else did it, in a team: then it was surely not the reader. */
  readonly byAdmin?: boolean
  /** What to do about it, where that is not to call somebody else's act one's own or not. */
  readonly objection?: string
}

const newPassword =
  'If it was not you, somebody else knows your password: change it now, to one you use nowhere else.'

const ownNumberBack =
  'If it was not you, somebody is in your account: open the page below, then sign in and put your own number back in your profile.'

/** Every notice of a change or a danger, as its person reads it (NTF-01, NTF-03). */
export const notices: Readonly<Record<NoticeEvent, Words>> = {
  'account-created': {
    title: 'Your account was created',
    what: () => 'An account was made with this email address.',
  },
  'password-changed': {
    title: 'Your password was changed',
    what: () =>
      'Your account has a new password. Everybody who was signed in elsewhere was signed out.',
  },
  'password-reset': {
    title: 'Your password was reset',
    what: () =>
      'A new password was chosen with a link that we sent to this address. Everybody was signed out.',
    advice:
      'If it was not you, somebody else can read your mail: secure your mailbox first, then choose a new password here.',
  },
  'email-change-asked': {
    title: 'A new address was asked for',
    what: ({ address }) =>
      `Your account’s email address is to change to ${address}. It stays as it is until the link that we mailed there is used.`,
    advice:
      'If it was not you, somebody is in your account: open the page below before that link is used, then change your password.',
  },
  'email-changed': {
    title: 'Your email address was changed',
    what: ({ address }) =>
      `Your account’s email address is ${address} now. Everybody was signed out. Sign in with the new address.`,
    advice: 'If it was not you, write to support at once: your account may be taken over.',
  },
  'address-added': {
    title: 'A further address gets your notices',
    what: ({ address }) => `Security notices about your account also go to ${address} now.`,
  },
  'address-removed': {
    title: 'An address gets no more notices',
    what: ({ address }) => `Security notices about your account no longer go to ${address}.`,
  },
  'method-added': {
    title: 'A two-step method was turned on',
    what: ({ method, codes }) => `${method} can now be used to sign in to your account.${codes}`,
  },
  'method-removed': {
    title: 'A two-step method was turned off',
    what: ({ method }) => `${method} can no longer be used to sign in to your account.`,
  },
  'last-method-removed': {
    title: 'Two-step verification was turned off',
    what: ({ method }) =>
      `${method} was turned off, and it was your last method: your password alone signs you in now. Your recovery codes no longer work.`,
    advice:
      'If it was not you, somebody is in your account: open the page below, choose a new password, and turn it on again.',
  },
  'method-locked': {
    title: 'A two-step method was locked',
    what: ({ method }) => `${method} was switched off after too many wrong codes.`,
    advice: newPassword,
  },
  'profile-phone-changed': {
    title: 'The phone number in your profile was changed',
    what: () =>
      'Your profile has a new phone number. Verification codes keep going where they went until you change that on the Security page.',
    advice: ownNumberBack,
  },
  'profile-phone-removed': {
    title: 'The phone number in your profile was removed',
    what: () =>
      'Your profile has no phone number any more. If you use codes by text, they keep going to the number you turned them on with.',
    advice: ownNumberBack,
  },
  'number-changed': {
    title: 'The number for your codes was changed',
    what: ({ number }) => `Verification codes now go to the number ${number}.`,
  },
  'recovery-codes-made': {
    title: 'New recovery codes were made',
    what: () => 'A new set of recovery codes was made. The codes before it no longer work.',
  },
  'recovery-code-used': {
    title: 'A recovery code was used',
    what: ({ left, use }) =>
      `One of your recovery codes was used ${use}.${left} No device is remembered any more: each is asked for a code again.`,
    advice:
      'If it was not you, somebody else has your codes: make new ones on the Security page, and choose a new password.',
  },
  'device-trusted': {
    title: 'A device was remembered',
    what: () =>
      `The browser named here is asked for no code when it signs in, for up to ${limits.trustLifetimeDays} days.`,
  },
  'device-theft': {
    title: 'A trusted device may have been copied',
    what: () =>
      'An old copy of a trusted device’s cookie came back. We removed the device; it is asked for a code again.',
    advice:
      'If you cannot explain this, change your password and check that device for unwanted software.',
  },
  'account-recovered': {
    title: 'Your account was recovered',
    what: ({ method, codes }) =>
      `The recovery that support approved is complete. ${method} is now the only method of your account.${codes} Everybody was signed out, and the old methods and recovery codes no longer work. For some days nothing that protects the account can be turned off or moved.`,
    advice:
      'If it was not you, write to support at once, besides pressing the button: they can see the case.',
  },
  'team-joined': {
    title: 'You joined a team',
    what: ({ team, role }) => `Your account is in the team ${team} now, as ${role}.`,
    advice: 'If it was not you, leave the team under “General”, and change your password.',
  },
  'team-role-changed': {
    title: 'Your role in a team was changed',
    what: ({ team, by, role }) => `${by} gave you another role in the team ${team}: ${role}.`,
    advice: 'If you did not expect this, ask the team’s owner.',
  },
  'team-removed': {
    title: 'You were removed from a team',
    what: ({ team, by }) =>
      `${by} removed your account from the team ${team}. Your account itself stays as it is.`,
    advice: 'If you did not expect this, ask the team’s owner.',
  },
  'team-received': {
    title: 'You own a team now',
    what: ({ team, by }) => `${by} handed the team ${team} over to you: you are its owner now.`,
    advice: 'If you did not expect this, ask the person who did it.',
  },
  'team-given-away': {
    title: 'You handed a team over',
    what: ({ team, by }) => `The team ${team} has a new owner: ${by}. You are an admin there now.`,
  },
  'admin-forgot-devices': {
    title: 'Your trusted devices were removed',
    what: ({ by, team }) =>
      `${by}, for the team ${team}, removed your trusted devices. Each of them is asked for a code again.`,
    byAdmin: true,
  },
  'admin-ended-sessions': {
    title: 'Your sessions in a team were ended',
    what: ({ by, team }) =>
      `${by} ended your sessions for the team ${team}. Sign in again to go on there.`,
    byAdmin: true,
  },
  'admin-unlocked': {
    title: 'Your account was unlocked',
    what: ({ by, team }) =>
      `${by}, for the team ${team}, ended the waiting after wrong codes and passwords. You can try again at once.`,
    byAdmin: true,
  },
  'admin-reset': {
    title: 'Your two-step verification was reset',
    what: ({ by, team, reason }) =>
      `${by}, for the team ${team}, removed your methods, recovery codes and trusted devices, and signed you out everywhere. The reason given: ${reason}`,
    advice:
      'To go on, sign in with your password and set up a new method. Save the recovery codes that come with it.',
    byAdmin: true,
  },
  'admin-exempted': {
    title: 'You are exempt from two-step verification for a while',
    what: ({ by, team, reason, until }) =>
      `${by} exempted you from what the team ${team} requires, until ${until}. The reason given: ${reason}`,
    byAdmin: true,
  },
  'admin-ended-exemption': {
    title: 'Your exemption from two-step verification has ended',
    what: ({ by, team }) =>
      `${by} ended your exemption in the team ${team}: its rule holds for you.`,
    byAdmin: true,
  },
  'admin-loosened': {
    title: 'A member was exempted from two-step verification',
    what: ({ by, team, member, reason, until }) =>
      `${by} exempted ${member} from what your team ${team} requires, until ${until}. The reason given: ${reason}`,
    byAdmin: true,
  },
  'pass-made': {
    title: 'A one-time pass was made for you',
    what: ({ by, team }) =>
      `${by}, for the team ${team}, made a one-time pass for your account. Within a day it can stand in for your verification code once, after your password. It is not in this mail: you get it from them.`,
    byAdmin: true,
  },
  'pass-used': {
    title: 'A one-time pass was used',
    what: () =>
      'Somebody signed in to your account with your password and the one-time pass that your administrator made.',
    advice: newPassword,
  },
  'api-key-made': {
    title: 'An API key was made for your team',
    what: ({ by, key, team }) =>
      `${by} made the API key “${key}” for ${team}. Whoever holds it can use the API of that team until it expires or is revoked.`,
    advice: 'If it is not needed, revoke it on the page API keys of the team.',
  },
  'api-key-revoked': {
    title: 'An API key of your team was revoked',
    what: ({ by, key, team }) =>
      `${by} revoked the API key “${key}” of ${team}. It no longer opens anything.`,
  },
  'second-step-failed': {
    title: 'A sign-in with your password was stopped',
    what: () => 'The right password was given, then too many wrong codes. Nobody was let in.',
    advice: newPassword,
  },
  'sign-in-unfinished': {
    title: 'A sign-in with your password was not finished',
    what: () =>
      'The right password was given, but the second step was not passed. Nobody was let in. We write of this once a day at most; at your next sign-in, Home shows what else there was.',
    advice: newPassword,
  },
  ...operatorNotices,
}
