import { html } from 'hono/html'
import type { IconName } from '../http/html/icon.ts'
import type { Html } from '../http/html/view.ts'
import { codesOf, iconOf } from '../methods/pages-words.ts'
import { box, button, centred, dot, picture, sign, slots, words } from './pages-drawing.ts'
import type { Facts } from './look.ts'

/** Profile → Settings → Personal Settings → Security. */
export function wayToSecurity(): Html {
  return picture(
    270,
    'The menu of your name, with Settings in it, leads to Personal Settings, with Security in it.',
    [
      box([1, 1, 188, 268], 'card', 14),
      box([13, 72, 164, 124], 'sunken', 12),
      box([19, 80, 152, 36], 'ring', 8),
      sign(29, 88, 'settings', 'soft'),
      words(59, 103, 'Settings', 'strong'),
      sign(29, 126, 'help', 'soft'),
      words(59, 141, 'Help'),
      sign(29, 164, 'logout', 'soft'),
      words(59, 179, 'Sign out'),
      html`<circle class="p-tint" cx="33" cy="236" r="17" />`,
      centred(33, 241, 'AL', 'link', 'strong'),
      words(60, 241, 'Ada Lovelace'),
      dot(177, 222, 1),
      dot(177, 80, 2),
      box([211, 1, 188, 268], 'card', 14),
      sign(227, 26, 'home', 'soft'),
      words(257, 41, 'Home', 'soft'),
      words(227, 92, 'Personal Settings', 'soft'),
      sign(227, 119, 'user', 'soft'),
      words(257, 134, 'Profile', 'soft'),
      box([219, 154, 172, 42], 'tint', 10),
      box([219, 154, 172, 42], 'ring', 10),
      sign(227, 165, 'shield', 'link'),
      words(257, 180, 'Security', 'link', 'strong'),
      dot(386, 154, 3),
    ],
  )
}

const labels = {
  'phishing-resistant': 'Strongest',
  good: 'Strong',
  restricted: 'Weaker',
  weakest: 'Weakest',
}

/** The cards to choose a method from, strongest first. */
export function methodChoice({ methods }: Facts): Html {
  const height = methods.length * 88 - 10
  return picture(
    height,
    `The methods to choose from, strongest first: ${methods.map(codesOf).join(', ')}.`,
    methods.map((method, at) => {
      const { sends, strength } = method
      const y = at * 88
      const strong = strength === 'good' || strength === 'phishing-resistant'
      const ink = strong ? 'good' : 'warning'
      const recommended = html`${box([88, y + 44, 116, 24], 'tint', 6)}${centred(146, y + 61, 'Recommended', 'link')}`
      const x = at === 0 ? 216 : 88
      return html`${box([1, y + 1, 398, 76], at === 0 ? 'ring' : 'card', 14)}
      ${box([18, y + 18, 42, 42], 'tint')}${sign(29, y + 29, iconOf(sends), 'link')}
      ${words(88, y + 34, codesOf(method), 'strong')}${at === 0 && recommended}
      ${sign(x, y + 46, strong ? 'shield' : 'warning', ink)}${words(x + 26, y + 61, labels[strength], ink)}
      ${sign(364, y + 29, 'chevron', 'soft')}`
    }),
  )
}

/** The QR code to scan, and the code to prove that it worked. */
export function appSetUp(): Html {
  return picture(196, 'A QR code to scan with the app, and six slots for the code it then shows.', [
    box([1, 1, 398, 194], 'card', 14),
    html`<rect x="24" y="29" width="138" height="138" rx="10" fill="#fff" stroke="#ccd2db" />`,
    html`<path class="p-modules" transform="translate(34 39) scale(5.62)" d="${modules}" />`,
    dot(162, 30, 1),
    words(188, 62, 'Verification code', 'strong'),
    slots(188, 76, 27, '4071'),
    button([188, 136, 104, 40], 'Turn on', true),
    dot(386, 76, 2),
  ])
}

/** Twenty-one by twenty-one squares that look like a QR code and are none. */
const modules = squares()

function squares(): string {
  const side = [...Array(21).keys()]
  const dark = (x: number, y: number) => (x * 7 + y * 13 + x * y * 5 + ((x ^ y) % 3)) % 7 < 3
  const corner = (x: number, y: number) =>
    [x, y].every((at) => at < 8 || at > 12) && !(x > 12 && y > 12)
  const dots = side.flatMap((y) =>
    side.filter((x) => !corner(x, y) && dark(x, y)).map((x) => [x, y]),
  )
  const finder = (x: number, y: number) =>
    `M${x} ${y}h7v7h-7zM${x + 1} ${y + 1}v5h5v-5zM${x + 2} ${y + 2}h3v3h-3z`
  return `${finder(0, 0)}${finder(14, 0)}${finder(0, 14)}${dots.map(([x, y]) => `M${x} ${y}h1v1h-1z`).join('')}`
}

/** The sheet of recovery codes, with the ways to keep it. */
export function recoverySheet(): Html {
  return picture(
    266,
    'Ten recovery codes with the buttons Copy, Download and Print, and a box to tick.',
    [
      box([1, 1, 398, 264], 'card', 14),
      box([17, 17, 366, 138], 'sunken', 12),
      ...[0, 1, 2, 3, 4].flatMap((row) => [hidden(35, 43 + row * 24), hidden(221, 43 + row * 24)]),
      button([17, 169, 82, 36], 'Copy'),
      button([109, 169, 112, 36], 'Download'),
      button([231, 169, 82, 36], 'Print'),
      box([17, 223, 22, 22], 'accent', 5),
      html`<path class="p-tick" d="m22.5 234.5 4 4 7-8" />`,
      words(51, 239, 'I have saved my recovery codes'),
    ],
  )
}

/** A code that is not shown: four groups of four. */
function hidden(x: number, y: number): Html {
  const groups = [0, 1, 2, 3].map((at) => `M${x + at * 37} ${y}h29`).join('')
  return html`<path class="p-hidden" d="${groups}" />`
}

/** The code screen: the box to tick, and the ways around the code. */
export function codeScreen({ trustDays }: Facts): Html {
  return picture(
    420,
    'The code screen: the code, the box Remember This Device, the button Sign in, and below it Use another method, Use a recovery code, and I can’t use any of these.',
    [
      box([1, 1, 398, 418], 'card', 16),
      words(28, 46, 'Check your phone', 'big', 'strong'),
      words(28, 74, 'Enter the six digits we sent to ••• ••• 23.', 'soft'),
      slots(28, 96, 52, '4071'),
      box([28, 166, 22, 22], 'edge', 5),
      words(62, 182, 'Remember This Device', 'strong'),
      words(62, 204, `For ${trustDays} days. Not on a shared computer.`, 'soft'),
      box([18, 156, 364, 58], 'ring', 10),
      dot(382, 158, 1),
      button([28, 230, 344, 44], 'Sign in', true),
      words(28, 318, 'Use another method', 'link'),
      words(28, 352, 'Use a recovery code', 'link'),
      words(28, 386, 'I can’t use any of these', 'link'),
      box([18, 290, 364, 112], 'ring', 10),
      dot(382, 292, 2),
    ],
  )
}

/** Changing the phone in three moves. */
export function phoneChange(text: string): Html {
  const row = (y: number, number: number, name: IconName, title: string, detail: string) =>
    html` ${box([1, y + 1, 398, 70], 'card', 14)}${dot(32, y + 36, number)}
    ${sign(60, y + 26, name, 'soft')}${words(92, y + 31, title, 'strong')}${words(92, y + 54, detail, 'soft')}`
  return picture(
    232,
    `The profile with the new number; ${text} off; ${text} on with the new number.`,
    [
      row(0, 1, 'user', 'Profile', '••• ••• 23'),
      sign(174, 39, 'chevron', 'soft'),
      words(202, 54, '••• ••• 87', 'strong'),
      row(80, 2, 'message', text, '••• ••• 23'),
      button([286, 97, 96, 38], 'Turn off'),
      row(160, 3, 'message', text, '••• ••• 87'),
      button([286, 177, 96, 38], 'Set up', true),
    ],
  )
}
