import { useTexts } from '../../../i18n/language.tsx'
import type { Status } from './member.ts'

export const StatusName = ({ status }: { status: Status }) => <>{useTexts().members.statuses[status]}</>
