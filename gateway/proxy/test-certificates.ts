import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

export interface KeyPair {
  cert: string
  key: string
}

interface Wanted {
  /** Who signs it; by default it signs itself. */
  by?: KeyPair & { folder: string }
  authority?: boolean
}

/** For tests: makes certificates with openssl, in a folder that `remove` takes away. */
export function createMint() {
  const folder = mkdtempSync(path.join(tmpdir(), 'certificates-'))
  let made = 0

  function mint(name: string, { by, authority = false }: Wanted = {}): KeyPair & { folder: string } {
    const own = path.join(folder, String(made++))
    const algorithm = ['ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1']
    const signer = by ? ['-CA', `${by.folder}.crt`, '-CAkey', `${by.folder}.key`] : []
    const extensions = [`subjectAltName=DNS:${name}`, `basicConstraints=critical,CA:${authority ? 'TRUE' : 'FALSE'}`]
    const files = ['-keyout', `${own}.key`, '-out', `${own}.crt`]
    const more = extensions.flatMap((extension) => ['-addext', extension])
    const subject = ['-subj', `/CN=${name}`, '-days', '2']
    execFileSync(
      'openssl',
      ['req', '-x509', '-nodes', '-newkey', ...algorithm, ...files, ...subject, ...more, ...signer],
      {
        stdio: 'pipe',
      },
    )
    return { cert: readFileSync(`${own}.crt`, 'utf8'), key: readFileSync(`${own}.key`, 'utf8'), folder: own }
  }

  return { mint, remove: () => rmSync(folder, { recursive: true }) }
}
