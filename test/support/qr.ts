import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inTemporaryFolder } from './temporary-folder.ts'
import { toolPath } from './tools.ts'

/** What the one QR code in a picture says, read by `zbarimg`. Throws when there is none. */
export function readQr(png: Buffer): string {
  return inTemporaryFolder((folder) => {
    const picture = join(folder, 'qr.png')
    writeFileSync(picture, png)
    const words = ['--quiet', '--raw', '-Sdisable', '-Sqrcode.enable', picture]
    return execFileSync(toolPath('zbarimg'), words, { encoding: 'utf8', stdio: 'pipe' }).trimEnd()
  })
}
