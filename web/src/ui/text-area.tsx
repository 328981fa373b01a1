import type { ComponentProps } from 'react'
import { Labelled } from './labelled.tsx'

type Props = ComponentProps<'textarea'> & { label: string; error?: string | undefined }

/** As `TextField`, for several lines. */
export const TextArea = ({ label, error, ...input }: Props) => (
  <Labelled label={label} error={error}>
    {({ className, ...labelled }) => <textarea {...labelled} className={`${className} py-2`} {...input} />}
  </Labelled>
)
