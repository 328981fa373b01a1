import type { HeaderList } from '../../http1/header-list.ts'
import { type FormatName, formats, type ReceivedContext, type SentContext } from './trace-context.ts'

export interface Propagation {
  extract: FormatName[] | null
  /** `preserve`: as it came. */
  inject: (FormatName | 'preserve')[] | null
  /** Header fields that do not travel on. */
  clear: string[] | null
  default_format: FormatName
}

/** Where to look for a trace, in this order, when the config does not say. */
const ANYWHERE: FormatName[] = ['b3', 'w3c', 'jaeger', 'ot', 'datadog', 'aws', 'gcp']

/** The older field `header_type` holds where nothing but a default format is declared. */
export function propagationOf(
  declared: Propagation,
  headerType: FormatName | 'preserve' | 'ignore' | null,
): Propagation {
  const { extract, inject, clear, default_format } = declared
  if (extract || inject || clear || headerType === null) return declared
  if (headerType === 'ignore') return { ...declared, inject: [default_format] }
  return { ...declared, extract: ANYWHERE, inject: headerType === 'preserve' ? ['preserve'] : ['preserve', headerType] }
}

export interface Found {
  context: ReceivedContext
  /** Undefined where there was nothing. */
  format: FormatName | undefined
}

export function extract(propagation: Propagation, headers: HeaderList): Found {
  for (const format of propagation.extract ?? []) {
    const context = formats[format].read(headers)
    if (context) return { context, format: context.single ? 'b3-single' : format }
  }
  return { context: {}, format: undefined }
}

/** Gives the trace's id by the formats in which it was told. */
export function inject(
  propagation: Propagation,
  { format: found }: Found,
  headers: HeaderList,
  context: SentContext,
): Record<string, string> {
  for (const name of propagation.clear ?? []) headers.delete(name.toLowerCase())
  const ids: Record<string, string> = {}
  for (const wanted of propagation.inject ?? []) {
    const name = wanted === 'preserve' ? (found ?? propagation.default_format) : wanted
    for (const [field, value] of Object.entries(formats[name].write(context))) headers.set(field, value)
    ids[name.replace('-single', '')] = formats[name].traceId(context)
  }
  return ids
}
