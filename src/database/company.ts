import type { Asked } from './group.ts'

const groupMax = 64

const companions = new Set<string>()

/**
 * Marks a short statement of a hot path, which finds its rows by key and locks few: those that many
 * requests send at the same moment go as one message and are committed together, where the database
 * can do that. Each still decides alone, by its own rows. Gives the text back.
 */
export function inCompany(text: string): string {
  companions.add(text)
  return text
}

/** Whether that statement may go with others. */
export function mayGoInCompany(text: string): boolean {
  return companions.has(text)
}

/**
 * Gathers what is asked at one moment, and while so many groups are on their way as there are
 * `lanes`: then it waits for the first that is back. `send` settles each of its group and never
 * rejects.
 */
export function gather(
  lanes: number,
  send: (group: readonly Asked[]) => Promise<void>,
): (asked: Asked) => void {
  let waiting: Asked[] = []
  let free = lanes

  const leave = () => {
    while (free > 0 && waiting.length > 0) {
      const group = waiting.slice(0, groupMax)
      waiting = waiting.slice(groupMax)
      free--
      void send(group).then(() => {
        free++
        leave()
      })
    }
  }
  return (asked) => {
    // What arrives in the same moment comes along.
    if (waiting.push(asked) === 1) setImmediate(leave)
  }
}
