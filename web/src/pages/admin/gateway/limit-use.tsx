import { useLanguage, useTexts } from '../../../i18n/language.tsx'
import { Time } from '../../../ui/time.tsx'
import type { Limit } from './use-gateway.ts'

/** From here on a quota is nearly used up. */
const HIGH = 0.8

/** How much of one limit is used up, as a bar and in words. */
export function LimitUse({ partner, period, limit, used, resetsAt }: Limit & { partner: string }) {
  const { gateway: texts } = useTexts().operations
  const { language } = useLanguage()
  const number = (value: number) => value.toLocaleString(language)
  const words = texts.used(used === null ? texts.unknown : number(used), number(limit), texts.periods[period])
  return (
    <p className="min-w-64 tabular-nums">
      <meter
        className="w-full"
        min={0}
        max={limit}
        high={limit * HIGH}
        optimum={0}
        value={used ?? 0}
        aria-label={`${partner}: ${words}`}
      />
      <span className="block">{words}</span>
      <span className="block text-sm text-muted">
        {texts.resets} <Time iso={resetsAt} />
      </span>
    </p>
  )
}
