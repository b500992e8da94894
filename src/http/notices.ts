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
  'verification-sent':
    'We have sent the link to your address again. It works once, within 24 hours.',
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
  'code-sent-again': 'We have sent the code. Please use the newest message.',
  'code-sent': 'We have sent the code again. It is the same one as before.',
}

/** The sentence of that name; null for any other text. */
export function noticeOf(name: string | null): string | null {
  return name !== null && Object.hasOwn(notices, name) ? (notices[name] ?? null) : null
}
