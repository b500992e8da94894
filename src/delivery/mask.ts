/**
 * A destination as pages, exports and logs may show it (PRV-02): the last two digits of a number
 * in E.164 form, the first letter and the domain of an address, nothing of anything else.
 */
export function maskDestination(destination: string): string {
  if (/^\+[0-9]{7,15}$/.test(destination)) return `••• ••• ${destination.slice(-2)}`
  const at = destination.lastIndexOf('@')
  const [first] = destination
  if (first === undefined || at < 1) return '•••'
  return `${first}•••${destination.slice(at)}`
}
