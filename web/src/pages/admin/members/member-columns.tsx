import { createColumnHelper, tableFeatures } from '@tanstack/react-table'
import { Link } from 'wouter'
import { Time } from '../../../ui/time.tsx'
import type { Member } from './member.ts'
import { StatusName } from './status-name.tsx'

/** A row of the window; without a member while its page is on the way. */
export interface Row {
  index: number
  member: Member | undefined
}

export const features = tableFeatures({})
const helper = createColumnHelper<typeof features, Row>()

export const columns = helper.columns([
  helper.display({ id: 'name', cell: ({ row }) => row.original.member && <MemberLink {...row.original.member} /> }),
  helper.accessor(({ member }) => member?.email, { id: 'email' }),
  helper.accessor(({ member }) => member?.phoneNumber, { id: 'phoneNumber' }),
  helper.display({ id: 'status', cell: ({ row }) => row.original.member && <StatusName {...row.original.member} /> }),
  helper.display({
    id: 'createdAt',
    cell: ({ row }) => row.original.member && <Time iso={row.original.member.createdAt} />,
  }),
])

const MemberLink = ({ userID, name }: Member) => (
  <Link href={`/admin/members/${userID}`} className="text-accent underline">
    {name}
  </Link>
)
