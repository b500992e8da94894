import type { Words } from './notice-words.ts'
import type { OperatorNoticeEvent } from './notice-events.ts'

const askSupport =
  'If you did not ask for this and nobody told you about it, write to support at once; the button ends every session of yours.'

/** Notices of acts from the operator's command line, and of an account that is gone (OPS-03, PRV-03). */
export const operatorNotices: Readonly<Record<OperatorNoticeEvent, Words>> = {
  'account-deleted': {
    title: 'Your account was deleted',
    what: () =>
      'The account with this address was deleted: its password, methods, phone number, recovery codes, devices and sessions are gone for good.',
    objection: 'If you did not want this, write to support. This is the last mail about it.',
  },
  'operator-reset': {
    title: 'Your two-step verification was reset',
    what: ({ reason }) =>
      `The operator of this service removed your methods, recovery codes and trusted devices, and signed you out everywhere. The reason given: ${reason}`,
    advice: 'Sign in with your password and set up a method again, right away.',
    objection: askSupport,
  },
  'operator-unlocked': {
    title: 'Your account was unlocked',
    what: () =>
      'The operator of this service ended the waiting after wrong codes and passwords. You can try again at once.',
    objection: askSupport,
  },
  'operator-policy-off': {
    title: 'Your team no longer requires two-step authentication',
    what: ({ team, reason }) =>
      `The operator of this service turned off what the team ${team} required. The reason given: ${reason}`,
    advice: 'When everybody is back in, turn it on again under “General”.',
    objection: askSupport,
  },
  'operator-restored': {
    title: 'Your account is as it was in a back-up',
    what: ({ reason }) =>
      `The operator of this service restored a back-up (${reason}). What you changed on your account after that time is lost: recovery codes that you used since may work again, and codes, methods or a password that you made since may not.`,
    advice:
      'Sign in, look at your Security page, and make new recovery codes. If you had changed your password because somebody knew it, change it again; if you had revoked API keys, revoke them again.',
    objection: 'Everybody was signed out. You need not do anything else.',
  },
  'support-made': {
    title: 'You are a support person now',
    what: () =>
      'The operator of this service lets your account work on recovery cases: people who lost their second step.',
    objection: askSupport,
  },
  'support-ended': {
    title: 'You are no longer a support person',
    what: () => 'Your account no longer sees or decides recovery cases.',
    objection: 'If you do not know why, ask the operator of this service.',
  },
}
