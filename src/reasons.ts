import { teamReasons } from './reasons-team.ts'

/**
 * Every way the program says no: the reason's name, its HTTP status and the sentence a person reads.
 * A sentence says what happened and what to do. `{name}` is filled from the refusal's details.
 */
export const reasons = {
  ...teamReasons,
  'bad-input': [
    400,
    'Something in this form is missing or not right. See the fields marked below.',
  ],
  'wrong-email-or-password': [
    401,
    'That email and password don’t match. Check both and try again. After several tries there is a short wait.',
  ],
  busy: [503, 'We are busy right now. Please try again in a few seconds.'],
  'sign-in-over': [
    401,
    'This sign-in has ended because its ten minutes ran out or it was closed. Please enter your password again.',
  ],
  'too-many-tries': [
    401,
    'That was too many wrong codes, so we closed this sign-in. Please enter your password again.',
  ],
  'step-over': [
    409,
    'This step has ended because its time ran out or something else was started. Please start it again.',
  ],
  'too-many-wrong-codes': [409, 'That was too many wrong codes. Please start this step again.'],
  'password-again': [
    403,
    'It has been a while since you gave your password. Please enter it once more.',
  ],
  'wrong-code': [
    422,
    'That code isn’t right. Check the newest message or your app, and try again.',
  ],
  'code-expired': [422, 'That code has expired. Ask for a new one below.'],
  'code-used': [422, 'That code was used already. Wait for the next one in your app.'],
  'wait-before-trying': [429, 'Too many wrong codes. You can try again in {wait}.'],
  'method-locked': [
    403,
    'This method is switched off after too many wrong codes. Use another one or a recovery code.',
  ],
  'wait-before-sending': [429, 'We have just sent a code. You can ask again in {wait}.'],
  'too-many-sends': [
    429,
    'That is as many codes as we may send for now. Use another method, or try again in {wait}.',
  ],
  'wait-for-link': [
    429,
    'We have sent you this mail already. Look in your mailbox, or ask again in {wait}.',
  ],
  'not-delivered': [
    502,
    'We could not send the code. Try again, or use another method. This did not use up a try.',
  ],
  'method-not-available': [403, 'This method can’t be used here. Please choose another.'],
  'no-recovery-codes': [403, 'There are no recovery codes left on this account.'],
  'wrong-recovery-code': [422, 'That recovery code isn’t right, or it was used already.'],
  'sign-in-required': [401, 'Please sign in first.'],
  'step-up-required': [403, 'Please confirm that it’s you first.'],
  'wrong-password': [422, 'That isn’t your current password. Please try again.'],
  'recovery-codes-required': [
    403,
    'All your recovery codes are used. Make a new set before you go on.',
  ],
  'not-found': [404, 'There is nothing here, or it isn’t yours.'],
  'already-done': [409, 'This was done already.'],
  changed: [
    409,
    'Your account changed in the meantime. Please look again and repeat this if needed.',
  ],
  'link-over': [
    410,
    'This link was used, has expired or stayed open for long, or another one was opened in this browser after it. Open it again; if that does not help, ask for a new one.',
  ],
  'reset-over': [
    410,
    'This link to choose a new password has been used, has expired, or a newer one was sent. You can ask for a new one.',
  ],
  'reset-not-confirmed': [
    403,
    'Please confirm that it’s you first, with a code or a recovery code.',
  ],
  'too-many-tries-to-reset': [
    410,
    'That was too many wrong codes, so this link no longer works. You can ask for a new one.',
  ],
  'case-over': [
    410,
    'This recovery has ended: it was completed or stopped, or took too long. You can ask again.',
  ],
  'stop-by-mail': [
    403,
    'This is stopped by the link in our mails about it, or by signing in with your second step.',
  ],
  'case-decided': [
    409,
    'This case has gone on in the meantime. Please look at it again before you decide.',
  ],
  'proofs-missing': [
    403,
    'Two proofs are needed: the person’s own, and what support checked by a contact known before.',
  ],
  'own-case': [403, 'This is your own account. Somebody else from support has to decide.'],
  'asked-by-you': [403, 'You asked for this case yourself. Somebody else has to approve it.'],
  'approved-by-you': [403, 'You have approved this already. Somebody else has to approve it, too.'],
  'address-unconfirmed': [
    409,
    'The address of this account was never confirmed, so no link may be mailed to it. Ask the operator.',
  ],
  'not-enrolled': [
    409,
    'This account has no second step to recover. A link to a new password is enough.',
  ],
  'too-many-decisions': [
    429,
    'That is as many cases as one person may decide in a day. Try again in {wait}.',
  ],
  'support-required': [403, 'Only people with the support role can do that.'],
  'support-needs-method': [
    403,
    'Set up a method of your own first: nobody helps others back in with a password alone.',
  ],
  'recovery-link-over': [
    410,
    'This link can’t be used: it was used already, its time is over or has not come, or the recovery was stopped.',
  ],
  'recovery-set-up-required': [
    403,
    'Set up a new method first. Until it is on, no other page of your account opens.',
  ],
  frozen: [
    403,
    'This account was recovered a short while ago. To protect it, this can’t be changed before {until}.',
  ],
  'sign-up-closed': [403, 'New accounts are by invitation here. Please ask your administrator.'],
  'password-too-short': [
    422,
    'Please use at least {min} characters. A few words in a row do well.',
  ],
  'password-too-long': [422, 'Please use at most {max} characters.'],
  'password-too-common': [
    422,
    'This password is on lists that attackers try first. Please choose another, such as four or five unrelated words.',
  ],
  'password-too-personal': [
    422,
    'This password is made from your name, your address or the product’s name. Please choose another.',
  ],
  'not-an-email': [
    422,
    'That doesn’t look like an email address. It should look like name@example.com.',
  ],
  'same-email': [422, 'That is the address your account has already.'],
  'no-room-for-address': [
    422,
    'You can have up to {max} further addresses, and each of them once. Remove one first.',
  ],
  'not-a-phone': [
    422,
    'That isn’t a phone number we can use. Start with + and the country code, like +44 7700 900123.',
  ],
  'phone-missing': [422, 'Add a phone number to your profile first.'],
  'texts-not-set-up': [403, 'Text messages are not available here. Please choose another method.'],
  'phone-not-mobile': [
    422,
    'Texts can’t be sent to this kind of number. Please use a mobile number.',
  ],
  'email-unverified': [422, 'Confirm your email address first. The link is in your mailbox.'],
  'notice-not-accepted': [422, 'Please read the note about text messages and tick the box.'],
  'hand-over-first': [
    409,
    '{team} has other members, and you are its owner. Hand the team over to one of them first; then you can delete your account.',
  ],
  'other-address': [422, 'That isn’t the address of this account. Please type it as shown.'],
  'forgery-suspected': [
    403,
    'This page was open too long or was sent from somewhere else. Please go back, reload and try again.',
  ],
  'wrong-host': [421, 'This address is not served here.'],
  'wrong-content-type': [415, 'Send this as application/json.'],
  'length-missing': [411, 'Send the length of the body along (Content-Length).'],
  'field-missing': [400, 'Please fill this in.'],
  'field-too-long': [400, 'This is too long.'],
  'field-not-right': [400, 'This can’t be used here. Please check it.'],
  'too-large': [413, 'That is more than we can take in one go.'],
  'method-not-allowed': [
    405,
    'This address does not take that kind of request, so nothing was changed.',
  ],
  'too-many-requests': [429, 'Too many requests from your network. You can try again in {wait}.'],
  unexpected: [
    500,
    'Something went wrong on our side, and nothing was changed. Please try again. If it stays, tell us this number: {requestId}',
  ],
} as const satisfies Record<string, readonly [status: number, sentence: string]>

export type Reason = keyof typeof reasons

/** What a sentence is filled with, and what a caller may act on: seconds to wait, tries left. */
export type Details = Readonly<Record<string, string | number>>

/** A "no" with its name. `fields` names the reason of each field that is not right. */
export type Refusal = {
  readonly ok: false
  readonly reason: Reason
  readonly details?: Details
  readonly fields?: Readonly<Record<string, Reason>>
}

/** A "yes" with what came of it. */
export type Done<T> = { readonly ok: true } & T

export type Outcome<T = unknown> = Done<T> | Refusal

/** Makes a refusal. */
export function refuse(
  reason: Reason,
  details?: Details,
  fields?: Readonly<Record<string, Reason>>,
): Refusal {
  return { ok: false, reason, ...(details && { details }), ...(fields && { fields }) }
}

/** Makes a "yes". */
export function done<T extends object>(result: T): Done<T> {
  return { ok: true, ...result }
}
