/** The addresses of a team's General page and of what belongs to it. */
export function teamPlaces(team: string) {
  const general = `/teams/${team}/general`
  return {
    general,
    name: `${general}/name`,
    security: `${general}#security`,
    panel: `${general}/two-step`,
    confirm: `${general}/two-step/confirm`,
    pause: `${general}/two-step/pause`,
    off: `${general}/two-step/off`,
    remind: `${general}/two-step/remind`,
    /** The Members page, those of one state alone. */
    members: (show?: 'not-ready' | 'ready' | 'unreachable' | 'exempt' | 'never') =>
      `/teams/${team}/members${show === undefined ? '' : `?show=${show}`}`,
  } as const
}

/** Where a method of one's own is set up. */
export const setUpPlace = '/settings/security/set-up'
