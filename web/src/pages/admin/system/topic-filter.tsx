import { useSearchParams } from 'wouter'
import { useTexts } from '../../../i18n/language.tsx'
import { SelectField } from '../../../ui/select-field.tsx'
import { type Bus, useBus } from './use-system.ts'

type Counts = Bus['deadLetters']

/** The topic that the address names, where there is one; how many dead letters each has; and how to choose another. */
export function useTopic(): [topic: string, counts: Counts, choose: (topic: string) => void] {
  const [parameters, setParameters] = useSearchParams()
  const choose = (topic: string) => setParameters(topic ? { topic } : {}, { replace: true })
  return [parameters.get('topic') ?? '', useBus().data?.deadLetters ?? [], choose]
}

interface Props {
  topic: string
  counts: Counts
  onChoose(topic: string): void
}

export function TopicFilter({ topic, counts, onChoose }: Props) {
  const { system: texts } = useTexts().operations
  const names = counts.map((each) => [each.topic, `${each.topic} (${each.count})`])
  const options = { ...(topic && { [topic]: topic }), ...Object.fromEntries(names) }
  return <SelectField label={texts.topic} value={topic} options={options} any={texts.anyTopic} onChange={onChoose} />
}
