/** The addresses that every page links to. */
export const places = {
  home: '/',
  profile: '/settings/profile',
  email: '/settings/email',
  password: '/settings/password',
  security: '/settings/security',
  forgotPassword: '/forgot-password',
  recover: '/recover',
  resetCase: '/forgot-password/case',
  support: '/support',
  help: '/help',
  helpStuck: '/help#stuck',
  inbox: '/inbox',
  /** Takes a POST. */
  signOut: '/sign-out',
} as const
