import type { World } from './world.ts'

/**
 * Does a job now and every so many seconds, in whichever copy, one run at a time. What fails is
 * logged and comes again with the next run. `stop` waits for the run that is under way.
 */
export function regularly(
  world: World,
  seconds: number,
  job: (world: World) => Promise<unknown>,
  failure: string,
): { readonly stop: () => Promise<void> } {
  let running: Promise<void> | null = null
  const run = async () => {
    try {
      await job(world)
    } catch (error) {
      world.log.error({ error }, failure)
    }
    running = null
  }
  const begin = () => {
    running ??= run()
  }
  const timer = setInterval(begin, seconds * 1000).unref()
  begin()
  return {
    async stop() {
      clearInterval(timer)
      await running
    },
  }
}
