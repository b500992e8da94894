/** The ways of saying no that a team brings; a part of the one list in reasons.ts. */
export const teamReasons = {
  'set-up-required': [
    403,
    '{team} requires two-step authentication. Set up a method of your own before you go on.',
  ],
  'mailbox-required': [403, 'Please enter the code that we mail to you first.'],
  'wrong-mailed-code': [422, 'That code isn’t right. Check the newest mail, and try again.'],
  'sign-in-again': [
    403,
    'An administrator of {team} has ended your sessions there. Please sign out and in again.',
  ],
  'protect-yourself-first': [
    403,
    'First set up a method of your own that this policy allows, on your Security page.',
  ],
  'changed-by-another': [
    409,
    'Somebody else has changed this in the meantime, so nothing of yours was saved. What holds now is shown here; look at it and repeat your change if it is still needed.',
  ],
  'nothing-changes': [422, 'This is what holds already, so there is nothing to change.'],
  'not-required': [
    409,
    'This team does not require two-step authentication at the moment, so there is nothing to remind of.',
  ],
  'date-in-past': [422, 'This day has begun or is over. Please choose a later one.'],
  'date-too-late': [422, 'Please choose {last} or a day before it.'],
  'own-account': [
    403,
    'This is your own account. You look after it yourself, under Personal Settings, Security.',
  ],
  'role-not-higher': [
    403,
    '{name} is {role} of this team, so this takes somebody who stands above them. {way}',
  ],
  'shared-account': [
    403,
    '{name} belongs to another team too, so this team alone can’t change how they sign in. They get back in with another method, a recovery code or support recovery.',
  ],
  'support-account': [
    403,
    '{name} works for support, so a team can’t change how they sign in. They can use a recovery code or another method, or ask others of support for recovery.',
  ],
  'member-changed': [
    409,
    'Something about this member changed in the meantime. Please look again and repeat this if needed.',
  ],
  'nothing-to-stand-in-for': [
    409,
    '{name} has no method set up, so signing in asks for no second step.',
  ],
  'reminded-lately': [
    409,
    '{name} had a reminder within the last day. Once a day is enough; try again tomorrow.',
  ],
  'nothing-to-remind-of': [
    409,
    '{name} has what the team requires, or is exempt, so there is nothing to remind of.',
  ],
  'nobody-ticked': [422, 'Tick the members to remind first.'],
  'wrong-one-time-pass': [422, 'That one-time pass isn’t right. Check each group and try again.'],
  'no-one-time-pass': [
    403,
    'There is no one-time pass for this account: it was used, replaced, or a day has passed. Ask your administrator for a new one.',
  ],
  'role-required': [
    403,
    'Your role in this team doesn’t cover that. Please ask its owner or an administrator.',
  ],
  'owner-required': [403, 'Only the owner of this team can do that.'],
  'owner-stays': [
    409,
    'A team always has an owner, so the owner can’t leave, be removed or get another role. Hand the team over first.',
  ],
  'not-yourself': [409, 'You can’t do this to yourself. You can leave the team instead.'],
  'owner-not-protected': [
    409,
    '{team} requires two-step authentication, and {name} has no method that counts there. Its owner must have one: ask them to set it up first.',
  ],
  'not-a-member': [422, 'Nobody in this team has that address. Please check it.'],
  'people-changed': [
    409,
    'Somebody’s place in the team changed in the meantime. Please look again and repeat this if needed.',
  ],
  'too-many-teams': [
    409,
    'You own {max} teams already, which is as many as one person may. Hand one over first.',
  ],
  'addresses-not-right': [
    422,
    'Nobody was invited yet. {problems} Please put the list right and send it again.',
  ],
  'too-many-addresses': [
    422,
    'Nobody was invited yet: at most {max} addresses go at a time, and these are {count}. Please send them in parts.',
  ],
  'invited-just-now': [
    429,
    'An invitation went to {address} already, and not too many may follow. The next one can go in {wait}.',
  ],
  'too-many-invitations': [
    429,
    'That is as many invitations as may go out for now. You can send the next ones in {wait}.',
  ],
  'invitation-over': [
    410,
    'This invitation has expired, was withdrawn or was accepted already. You can ask for a new one.',
  ],
  'invitation-of-another': [
    403,
    'This invitation was sent to another address than the one you are signed in with. To accept it, sign out and open the link again.',
  ],
  'invitation-to-account': [
    409,
    'There is an account with this address already. Sign in to accept the invitation.',
  ],
  'last-required-method': [
    409,
    '{team} requires two-step authentication, and this is your last method that counts. Set up another one first.',
  ],
  'method-forbidden': [403, '{team} does not allow this method. Please choose another.'],
  'api-key-refused': [
    401,
    'This API key is not good: it is wrong, has expired or was revoked. An owner or administrator of the team can make a new one.',
  ],
  'scope-required': [403, 'This API key may not do that: it lacks the scope {scope}.'],
  'too-many-api-keys': [
    409,
    'A team can have {max} API keys at most. Revoke one that is not used any more first.',
  ],
  'dates-turned': [422, 'The last day is before the first. Please change one of them.'],
  'nobody-by-that-email': [422, 'Nobody in this team has that email address.'],
} as const satisfies Record<string, readonly [status: number, sentence: string]>
