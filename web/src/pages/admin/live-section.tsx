import type { ReactNode } from 'react'
import { Failure } from '../../ui/failure.tsx'
import { Loading } from '../../ui/loading.tsx'
import { Section } from '../../ui/section.tsx'

interface Props<Data> {
  title: string
  query: { data: Data | undefined; error: unknown; isPending: boolean; refetch(): void }
  children(data: Data): ReactNode
}

/** What is asked for again and again: where one answer fails to come, the last one stays, and why is said above it. */
export const LiveSection = <Data,>({ title, query: { data, error, isPending, refetch }, children }: Props<Data>) => (
  <Section title={title}>
    {isPending && <Loading />}
    {error ? <Failure error={error} onRetry={refetch} /> : null}
    {data !== undefined && children(data)}
  </Section>
)
