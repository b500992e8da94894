/** What a page says was done after a redirect; the address carries only the name. */
const notices: Readonly<Record<string, string>> = {
  'account-ready': 'Your account is ready. Sign in with your new password.',
  'password-changed':
    'Your new password is set, and every session before it has ended. Sign in with the new one.',
  'password-changed-here':
    'Your password is changed. All your other sessions have ended, and no device is trusted any more.',
  'account-deleted': 'Your account is deleted. We have mailed you that it is done.',
  'profile-saved': 'Your profile is saved.',
  'phone-saved':
    'Your profile is saved. Is SMS on? Codes by text keep going to the number you turned them on with, until you move them on the Security page.',
  'phone-removed':
    'Your profile is saved, without a phone number. Is SMS on? Codes by text keep going to the number you turned them on with, until you turn SMS off on the Security page.',
  'verification-sent':
    'We have sent the link to your address again. It works once, within 24 hours.',
  'change-mailed':
    'We have mailed a link to the new address. Nothing changes before it is used; it works for 24 hours.',
  'change-cancelled': 'The change is cancelled. Your address stays as it is.',
  'email-changed': 'Your new address is in force. Sign in with it.',
  'address-mailed': 'We have mailed a link there. Notices go there once it is used.',
  'address-removed': 'That address gets no more notices.',
  'signed-out': 'You are signed out.',
  'signed-out-and-forgotten':
    'You are signed out, and this device is forgotten. The next sign-in here asks for a code.',
  'method-on': 'Done. This method is on now.',
  'method-off': 'Done. This method is off, and what it stored is deleted.',
  'method-renamed': 'The name was changed.',
  'number-moved': 'Done. Texts go to your new number from now on.',
  'codes-saved': 'Good. Keep your recovery codes where only you can find them.',
  'device-forgotten': 'That device is no longer trusted. It will be asked for a code again.',
  'devices-forgotten': 'No device is trusted any more. Each will be asked for a code again.',
  'session-ended': 'That session has ended.',
  'sessions-ended': 'All your other sessions have ended.',
  'team-renamed': 'The team’s name is saved.',
  'policy-saved': 'Done. What your team requires is changed, and the owner is told.',
  'members-reminded': 'Done. Those who are not ready and had no reminder today get a mail.',
  'member-reminded': 'Done. A reminder is on its way to them.',
  'member-devices-forgotten': 'Done. Each of their devices is asked for a code again.',
  'member-sessions-ended': 'Done. They have to sign in again to go on in this team.',
  'member-unlocked': 'Done. They can try again at once.',
  'member-unlocked-by-link':
    'Done. Their password is closed, so a link to choose a new one is on its way to them.',
  'member-reset': 'Done. They sign in with the password alone next time, and set up anew.',
  'member-exempted': 'Done. They are exempt until the end of that day.',
  'member-exemption-ended': 'Done. The team’s requirement holds for them again.',
  'team-made': 'Your team is made, and you own it. Now invite its people.',
  'team-left': 'You have left the team.',
  'team-joined': 'Welcome! You are in the team now.',
  'team-handed-over': 'The team has a new owner, and you are an admin. You were both told by mail.',
  'role-changed': 'The role is changed, and its holder was told by mail.',
  'member-removed': 'They are no longer in the team, and were told by mail.',
  'invitations-sent': 'The invitations are on their way. Each works once, within 7 days.',
  'invitation-sent-again': 'A new invitation is on its way. The link mailed before is void.',
  'invitation-changed':
    'The role in the invitation is changed. The link mailed before still works.',
  'invitation-revoked': 'The invitation is withdrawn. Its link no longer works.',
  'invitation-declined': 'You have declined the invitation.',
  'case-stopped': 'The recovery is stopped, and every address of your account is told.',
  'case-evidence': 'Noted. Approve it when both proofs are there.',
  'case-approved': 'Your approval is noted.',
  'case-declined': 'The case is declined, and the person is told.',
  'case-cancelled': 'The case is stopped, and the person is told.',
  'key-revoked': 'The API key is revoked. The next request with it is refused.',
  'code-sent-again': 'We have sent the code. Please use the newest message.',
  'code-sent': 'We have sent the code again. It is the same one as before.',
}

/** The sentence of that name; null for any other text. */
export function noticeOf(name: string | null): string | null {
  return name !== null && Object.hasOwn(notices, name) ? (notices[name] ?? null) : null
}
