import { expect } from 'chai'
import { advice, ensurePrograms } from './prerequisites.ts'

describe('prerequisites', () => {
  const only = (manager: string) => (program: string) => program === manager

  it('names what is missing and the exact command of the package manager at hand', () => {
    expect(advice(['postgres', 'redis'], only('apt-get'))).to.equal(
      'Missing: PostgreSQL server 13 or later, Redis server 7 or later. Install with:\n' +
        '  sudo apt-get install --no-install-recommends postgresql redis-server',
    )
    expect(advice(['java'], only('brew'))).to.include('\n  brew install openjdk')
    expect(advice(['maven'], only('dnf'))).to.include('\n  sudo dnf install maven')
  })

  it('still says what is needed where it knows no package manager', () => {
    expect(advice(['java'], () => false)).to.equal(
      'Missing: Java runtime 17 or later. Install what is missing and start again.',
    )
  })

  it('finds each program that it was asked for, and asks for no other', async () => {
    expect(await ensurePrograms(['java'])).to.have.all.keys('java')
  })
})
