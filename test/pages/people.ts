import type { Page } from 'playwright-core'
import { newPerson } from '../e2e/people.ts'
import type { Platform } from '../support/platform.ts'
import { authenticator, scan } from './authenticator.ts'

export async function enterPassword(
  page: Page,
  { email, password }: { email: string; password: string },
): Promise<void> {
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

/** Reads the QR code as an authenticator would, and enters its first code. */
export async function enrol(page: Page): Promise<() => Promise<string>> {
  const picture = page.getByRole('img', { name: 'QR code' })
  const code = authenticator(scan(String(await picture.getAttribute('src'))).searchParams.get('secret') ?? '')
  await page.getByLabel('Six digits').fill(await code())
  return code
}

export interface SignedInAdmin {
  email: string
  password: string
  /** The authenticator. */
  code(): Promise<string>
}

/** A new admin who has enrolled, and is on the account page. */
export async function signInAsAdmin(page: Page, platform: Platform): Promise<SignedInAdmin> {
  const admin = { email: newPerson().email, password: 'an admin needs a long passphrase' }
  await platform.createAdmin(admin.email, admin.password)
  return { ...admin, code: await enrolAndSignIn(page, admin) }
}

/** Of somebody who may do nothing before: gives the authenticator. */
export async function enrolAndSignIn(
  page: Page,
  person: { email: string; password: string },
): Promise<SignedInAdmin['code']> {
  await page.goto('/sign-in')
  await enterPassword(page, person)
  const code = await enrol(page)
  await page.getByRole('button', { name: 'sign in' }).click()
  await enterPassword(page, person)
  await page.getByLabel('Six digits').fill(await code())
  await page.getByRole('heading', { name: 'My account' }).waitFor()
  return code
}
