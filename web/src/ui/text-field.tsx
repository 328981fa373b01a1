import type { ComponentProps } from 'react'
import { Labelled } from './labelled.tsx'

type Props = ComponentProps<'input'> & { label: string; error?: string | undefined }

export const TextField = ({ label, error, ...input }: Props) => (
  <Labelled label={label} error={error}>
    {(labelled) => <input {...labelled} {...input} />}
  </Labelled>
)
