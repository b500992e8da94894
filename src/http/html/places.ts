/** The addresses that every page links to. */
export const places = {
  home: '/',
  profile: '/settings/profile',
  security: '/settings/security',
  help: '/help',
  inbox: '/inbox',
  /** Takes a POST. */
  signOut: '/sign-out',
} as const
