import { html, raw } from 'hono/html'
import type { Html } from './view.ts'

/* Drawn on a grid of 24, strokes only, so that one weight and one colour hold for all. */
const drawings = {
  app: '<rect x="6" y="2.75" width="12" height="18.5" rx="2.75"/><path d="M9.25 9.5h5.5v5h-5.5zM10.5 9.5V8a1.5 1.5 0 0 1 3 0v1.5M10.75 18.25h2.5"/>',
  back: '<path d="M14.5 6 8.5 12l6 6"/>',
  check: '<path d="m5 12.75 4.5 4.5L19 7.5"/>',
  chevron: '<path d="m9.5 6 6 6-6 6"/>',
  clock: '<circle cx="12" cy="12" r="8.75"/><path d="M12 7.25V12l3 2"/>',
  close: '<path d="m6.5 6.5 11 11m0-11-11 11"/>',
  copy: '<rect x="8.75" y="8.75" width="11.5" height="11.5" rx="2.25"/><path d="M15.25 5.75v-.25a1.75 1.75 0 0 0-1.75-1.75H5.5A1.75 1.75 0 0 0 3.75 5.5v8c0 .97.78 1.75 1.75 1.75h.25"/>',
  device: '<rect x="4" y="4.75" width="16" height="11" rx="2"/><path d="M2.25 19.25h19.5"/>',
  download: '<path d="M12 3.75v11m-4.5-4.25L12 15l4.5-4.5M4.5 19.75h15"/>',
  help: '<circle cx="12" cy="12" r="8.75"/><path d="M9.6 9.5a2.45 2.45 0 1 1 3.55 2.2c-.75.4-1.15.9-1.15 1.8M12 16.6v.05"/>',
  home: '<path d="M4 10.75 12 4l8 6.75V19a1.25 1.25 0 0 1-1.25 1.25H5.25A1.25 1.25 0 0 1 4 19zM9.75 20v-5.5h4.5V20"/>',
  inbox:
    '<path d="M3.75 13.5 6.4 5.7a1.5 1.5 0 0 1 1.42-1h8.36a1.5 1.5 0 0 1 1.42 1l2.65 7.8v4.25a1.5 1.5 0 0 1-1.5 1.5H5.25a1.5 1.5 0 0 1-1.5-1.5zM4 13.5h4.5l1.25 2.25h4.5l1.25-2.25H20"/>',
  info: '<circle cx="12" cy="12" r="8.75"/><path d="M12 11v5.25M12 7.75v.05"/>',
  key: '<circle cx="8" cy="15.5" r="4.25"/><path d="m11.1 12.4 8.4-8.4M15.5 8l3 3"/>',
  lock: '<rect x="5" y="10.5" width="14" height="9.75" rx="2.25"/><path d="M8 10.5V7.75a4 4 0 0 1 8 0v2.75"/>',
  logout:
    '<path d="M10 4.25H6A1.75 1.75 0 0 0 4.25 6v12c0 .97.78 1.75 1.75 1.75h4M15.5 7.75 19.75 12l-4.25 4.25M19.5 12H9.75"/>',
  mail: '<rect x="3.25" y="5" width="17.5" height="14" rx="2.25"/><path d="m4 7 8 6 8-6"/>',
  menu: '<path d="M4 7h16M4 12h16M4 17h16"/>',
  message:
    '<path d="M5.5 4.25h13A2.25 2.25 0 0 1 20.75 6.5v7a2.25 2.25 0 0 1-2.25 2.25h-6.75L7.25 19.5v-3.75H5.5a2.25 2.25 0 0 1-2.25-2.25v-7A2.25 2.25 0 0 1 5.5 4.25zM8.25 10h.05m3.7 0h.05m3.7 0h.05"/>',
  phone: '<rect x="6" y="2.75" width="12" height="18.5" rx="2.75"/><path d="M10.75 18h2.5"/>',
  plus: '<path d="M12 5v14M5 12h14"/>',
  print:
    '<path d="M7.25 8.75v-5h9.5v5M7.25 17H5.5a1.75 1.75 0 0 1-1.75-1.75V10.5c0-.97.78-1.75 1.75-1.75h13c.97 0 1.75.78 1.75 1.75v4.75c0 .97-.78 1.75-1.75 1.75h-1.75M7.25 14h9.5v6.25h-9.5z"/>',
  settings:
    '<path d="M4 7.5h9m5.5 0H20M4 16.5h1.5m5.5 0h9"/><circle cx="15.75" cy="7.5" r="2.5"/><circle cx="8.25" cy="16.5" r="2.5"/>',
  shield:
    '<path d="M12 3.25 19.25 6v5.5c0 4.4-2.9 7.5-7.25 9.25C7.65 19 4.75 15.9 4.75 11.5V6zM8.75 11.75l2.4 2.4 4.1-4.4"/>',
  users:
    '<circle cx="9" cy="8.5" r="3.25"/><path d="M2.75 19.5c.6-3.3 3-4.9 6.25-4.9s5.65 1.6 6.25 4.9M15.5 5.6a3.25 3.25 0 0 1 0 5.8M17.75 15c2 .7 3.1 2.2 3.5 4.5"/>',
  user: '<circle cx="12" cy="8.25" r="3.75"/><path d="M4.75 20.25c.7-3.7 3.4-5.5 7.25-5.5s6.55 1.8 7.25 5.5"/>',
  warning:
    '<path d="M10.7 4.6 3.3 17.5a1.5 1.5 0 0 0 1.3 2.25h14.8a1.5 1.5 0 0 0 1.3-2.25L13.3 4.6a1.5 1.5 0 0 0-2.6 0zM12 9.75v4M12 16.6v.05"/>',
} as const

export type IconName = keyof typeof drawings

/** A drawing beside words that say the same: hidden from screen readers. */
export function icon(name: IconName): Html {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">${raw(drawings[name])}</svg>`
}
