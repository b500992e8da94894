import type { Html } from '../http/html/view.ts'
import { box, dot, picture, sign, words } from './pages-drawing.ts'

/** The switch on a team's General page. */
export function teamSwitch(): Html {
  return picture(
    176,
    'The General page of a team. Under Security stands a switch that requires two-step authentication of the team.',
    [
      box([1, 1, 398, 174], 'card', 14),
      words(21, 36, 'Security', 'strong'),
      box([21, 54, 358, 100], 'sunken', 12),
      words(37, 84, 'Require two-step', 'strong'),
      words(37, 104, 'authentication for your team', 'strong'),
      words(37, 132, 'Off. 6 of 9 members are ready.', 'soft'),
      box([315, 84, 48, 28], 'tint', 14),
      box([315, 84, 48, 28], 'ring', 14),
      dot(339, 70, 1),
    ],
  )
}

const rows = [
  ['Ada Lovelace', 'On', 'good', 'check'],
  ['Alan Turing', 'On, weak only', 'warning', 'warning'],
  ['Mary Jackson', 'Due 12 Dec', 'soft', 'clock'],
] as const

/** The list of members with each one's status. */
export function memberList(): Html {
  return picture(
    216,
    'The list of members: beside each name stands the two-step status, in words and with a sign.',
    [
      box([1, 1, 398, 214], 'card', 14),
      words(21, 36, 'Name', 'soft'),
      words(221, 36, 'Two-step', 'soft'),
      ...rows.flatMap(([name, status, ink, drawing], at) => {
        const y = 56 + at * 52
        return [
          box([13, y, 374, 44], 'sunken', 10),
          words(29, y + 27, name, 'strong'),
          sign(221, y + 12, drawing, ink),
          words(249, y + 27, status),
        ]
      }),
      dot(205, 34, 1),
    ],
  )
}
