/** What an API key may do, each by itself: one scope holds no other. */
export const scopes = ['read-members', 'manage-members', 'read-log'] as const

export type Scope = (typeof scopes)[number]
