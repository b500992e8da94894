import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inTemporaryFolder } from './temporary-folder.ts'
import { toolPath } from './tools.ts'

/** PEM. */
export type KeyAndCertificate = { readonly key: string; readonly cert: string }

const settings = `
[req]
distinguished_name = name
[name]
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
[server]
basicConstraints = critical, CA:FALSE
subjectAltName = DNS:localhost, IP:127.0.0.1
`

/**
 * Makes certificates for `localhost` and 127.0.0.1, good for a day: `trusted` is signed by the
 * authority whose certificate is `ca`, `selfSigned` by nobody else. Needs OpenSSL 3.
 */
export function makeCertificates(): {
  ca: string
  trusted: KeyAndCertificate
  selfSigned: KeyAndCertificate
} {
  return inTemporaryFolder((folder) => {
    writeFileSync(join(folder, 'settings'), settings)
    const authority = make(folder, 'ca', [
      '-extensions',
      'authority',
      '-subj',
      '/CN=Test authority',
    ])
    const server = ['-extensions', 'server', '-subj', '/CN=localhost']
    return {
      ca: authority.cert,
      trusted: make(folder, 'trusted', [...server, '-CA', 'ca.cert', '-CAkey', 'ca.key']),
      selfSigned: make(folder, 'self-signed', server),
    }
  })
}

function make(folder: string, name: string, words: readonly string[]): KeyAndCertificate {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-noenc']
  const files = ['-keyout', `${name}.key`, '-out', `${name}.cert`, '-days', '1']
  const request = ['req', '-x509', '-config', 'settings', ...key, ...files, ...words]
  execFileSync(toolPath('openssl'), request, { cwd: folder, stdio: 'pipe' })
  const read = (kind: string) => readFileSync(join(folder, `${name}.${kind}`), 'utf8')
  return { key: read('key'), cert: read('cert') }
}
