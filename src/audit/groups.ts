import { kinds } from './kinds.ts'

/** Kinds of events that are looked for together, by the noun in front; one may be in several. */
export const groups = {
  'sign-ins': /^(sign-in|sign-up|session|step-up|code|password)\./,
  methods: /^(method|recovery|device|requirement|case|pass)\./,
  policy: /^policy\./,
  members: /^(account|team|invitation|member)\./,
  'admin-acts':
    /^(policy|api-key|log|members|operator)\.|^(team|invitation|member)\.(?!joined|left|declined)/,
  warnings: /^request\.|wrong|refused|theft|\.locked|ended-by|not-me|unfinished$|closed/,
} as const satisfies Record<string, RegExp>

export type Group = keyof typeof groups

/** The groups' names, in the order in which pages offer them. */
export const groupNames = Object.keys(groups) as [Group, ...Group[]]

/** Every kind of event in that group. */
export function kindsIn(group: Group): string[] {
  return Object.keys(kinds).filter((kind) => groups[group].test(kind))
}

/** Whether somebody should look at events of this kind. */
export function isWarning(kind: string): boolean {
  return groups.warnings.test(kind)
}
