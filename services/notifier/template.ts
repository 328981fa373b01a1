import { readFileSync } from 'node:fs'
import type { Mail } from './mailer.ts'

/** Writes the two forms of a mail; values are shown as what they are, whatever they hold. */
export type Template = (values: Record<string, string>) => Pick<Mail, 'html' | 'text'>

export function readTemplate(name: string): Template {
  const [html, text] = ['html', 'txt'].map((form) =>
    readFileSync(new URL(`templates/${name}.${form}`, import.meta.url), 'utf8'),
  ) as [string, string]
  return (values) => ({ html: fill(html, values, escapeHtml), text: fill(text, values, isolate) })
}

const fill = (text: string, values: Record<string, string>, safe: (value: string) => string): string =>
  text.replace(/\{\{(\w+)\}\}/g, (_, field: string) => safe(values[field] ?? ''))

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')

const RIGHT_TO_LEFT = /[\u0590-\u08ff\u200f\u202b\u202e\u2067\ufb1d-\ufdff\ufe70-\ufeff]/

/** Keeps a right-to-left name from turning the line around it (Unicode UAX #9, first strong isolate), as <bdi> does in HTML. */
const isolate = (text: string): string => (RIGHT_TO_LEFT.test(text) ? `\u2068${text}\u2069` : text)
