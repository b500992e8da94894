import { z } from 'zod'
import { line, typed } from '../http/field.ts'
import { byLink, linkRow, linkShown } from '../http/link-row.ts'
import { acted, shown } from '../http/route.ts'
import type { Route } from '../http/route.ts'
import { askSignUp, lookAtSignUpDoor } from './ask-sign-up.ts'
import { askVerification } from './ask-verification.ts'
import { changeProfile } from './change-profile.ts'
import { createFirstOwner } from './create-first-owner.ts'
import { enterLink } from './enter-link.ts'
import { lookAtFirstOwnerLink } from './first-owner.ts'
import { deleteAccount, lookAtDeletion } from './delete-account.ts'
import { deletePage, deletePath } from './delete-page.ts'
import { lookAtProfile } from './look-at-profile.ts'
import { notMePage, signedOutEverywherePage } from './not-me-pages.ts'
import {
  checkMailboxPage,
  chooseNamePage,
  emailVerifiedPage,
  firstOwnerPage,
  signUpPage,
  verifyEmailPage,
} from './pages.ts'
import { profilePage } from './profile-page.ts'
import { lookAtNotMe, reportNotMe } from './report-not-me.ts'
import { lookAtSignUp, signUp } from './sign-up.ts'
import { lookAtVerification, verifyEmail } from './verify-email.ts'

const nothing = z.object({})
const address = line(320)
const made = z.object({ id: z.uuid(), email: z.string() })
const profile = z.object({ name: z.string(), phone: z.string().nullable() })

const profilePath = '/settings/profile'
const [welcome, finish, verify, notMe] = [
  '/welcome',
  '/finish-sign-up',
  '/verify-email',
  '/not-me',
] as const

/** How an account begins: the first owner, sign-up, the address confirmed. */
const beginnings: readonly Route[] = [
  linkRow(welcome, welcome, enterLink('first-owner')),
  shown({
    get: welcome,
    who: 'anyone',
    input: linkShown,
    output: nothing,
    summary: 'The page that makes the first owner.',
    run: lookAtFirstOwnerLink,
    page: firstOwnerPage,
  }),
  acted({
    post: welcome,
    api: 'POST /first-owner',
    who: 'anyone',
    input: byLink.extend({ team: line(), name: line(), email: address, password: typed }),
    output: made,
    summary: 'Make the first owner and team with the one-time link.',
    run: createFirstOwner,
    then: () => '/sign-in?notice=account-ready',
    back: () => welcome,
  }),
  shown({
    get: '/sign-up',
    who: 'anyone',
    input: nothing,
    output: nothing,
    summary: 'The page that asks for an address to sign up with.',
    run: lookAtSignUpDoor,
    page: (view) => signUpPage(view),
  }),
  acted({
    post: '/sign-up',
    api: 'POST /sign-ups',
    who: 'anyone',
    input: z.object({ email: address }),
    output: nothing,
    summary: 'Ask for a link to make an account. Answers the same for every address.',
    run: askSignUp,
    then:
      (_result, { email }) =>
      (view) =>
        checkMailboxPage(view, email),
    back: () => '/sign-up',
  }),
  linkRow('/sign-up', finish, enterLink('sign-up')),
  shown({
    get: finish,
    who: 'anyone',
    input: linkShown,
    output: nothing,
    summary: 'The page of a sign-up link.',
    run: lookAtSignUp,
    page: chooseNamePage,
  }),
  acted({
    post: finish,
    api: 'POST /accounts',
    who: 'anyone',
    input: byLink.extend({ name: line(), password: typed }),
    output: made,
    summary: 'Make an account with the link from the mail.',
    run: signUp,
    then: () => '/sign-in?notice=account-ready',
    back: () => finish,
  }),
  linkRow(verify, verify, enterLink('verify-email')),
  shown({
    get: verify,
    who: 'anyone',
    input: linkShown,
    output: nothing,
    summary: 'The page of a link that confirms an address.',
    run: lookAtVerification,
    page: verifyEmailPage,
  }),
  acted({
    post: verify,
    api: 'POST /email-verifications',
    who: 'anyone',
    input: byLink,
    output: z.object({ email: z.string() }),
    summary: 'Confirm an address with the link from the mail.',
    run: verifyEmail,
    then: (result) => (view) => emailVerifiedPage(view, result.email),
    back: () => verify,
  }),
]

/** What the owner of an account sees and changes, and how they object. */
const own: readonly Route[] = [
  linkRow(notMe, notMe, enterLink('not-me')),
  shown({
    get: notMe,
    who: 'anyone',
    input: linkShown,
    output: nothing,
    summary: 'The page of a notice’s link.',
    run: lookAtNotMe,
    page: notMePage,
  }),
  acted({
    post: notMe,
    api: 'POST /not-me-reports',
    who: 'anyone',
    input: byLink,
    output: nothing,
    summary: 'End every session and trusted device, with the link from a notice.',
    run: reportNotMe,
    then: () => signedOutEverywherePage,
    back: () => notMe,
  }),
  shown({
    get: profilePath,
    api: 'GET /profile',
    who: 'session',
    input: nothing,
    output: profile.extend({ email: z.string(), email_verified: z.boolean() }),
    summary: 'The account’s own profile.',
    run: lookAtProfile,
    page: profilePage,
  }),
  acted({
    post: profilePath,
    api: 'PATCH /profile',
    who: 'session',
    input: z.object({ name: line().optional(), phone: z.string().max(100).nullable().optional() }),
    output: profile,
    summary: 'Change name and phone. An empty phone, or null, removes it.',
    run: changeProfile,
    then: ({ phone, phone_changed: changed }) => {
      const notice = phone === null ? 'phone-removed' : 'phone-saved'
      return `${profilePath}?notice=${changed ? notice : 'profile-saved'}`
    },
    back: () => profilePath,
  }),
  acted({
    post: `${profilePath}/verify-email`,
    api: 'POST /profile/verification-mails',
    who: 'session',
    input: nothing,
    output: nothing,
    summary: 'Send the link that confirms the address again.',
    run: askVerification,
    then: () => `${profilePath}?notice=verification-sent`,
    back: () => profilePath,
  }),
]

/** The end of an account (PRV-03). */
const ending: readonly Route[] = [
  shown({
    get: deletePath,
    who: 'fresh',
    protectedChange: true,
    input: nothing,
    output: nothing,
    summary: 'Asks before an account is deleted.',
    run: lookAtDeletion,
    page: deletePage,
  }),
  acted({
    post: deletePath,
    api: 'DELETE /account',
    who: 'fresh',
    protectedChange: true,
    input: z.object({ email: line(320) }),
    output: nothing,
    summary: 'Delete one’s own account for good; `email` is its address, typed again.',
    run: deleteAccount,
    then: () => '/sign-in?notice=account-deleted',
    back: () => deletePath,
  }),
]

export const accountRoutes: readonly Route[] = [...beginnings, ...own, ...ending]
