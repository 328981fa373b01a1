import { useState } from 'react'
import { useLocation, useParams } from 'wouter'
import { useTexts } from '../../../i18n/language.tsx'
import { StepUpDeclined } from '../../../session/step-up.ts'
import { useIsAdmin } from '../../../session/use-me.ts'
import { Button } from '../../../ui/button.tsx'
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx'
import { Failure } from '../../../ui/failure.tsx'
import { Loading } from '../../../ui/loading.tsx'
import { Narrow } from '../../../ui/narrow.tsx'
import { Title } from '../../../ui/title.tsx'
import { Account } from './account.tsx'
import { History } from './history.tsx'
import { MemberForm } from './member-form.tsx'
import { useAccount } from './use-account.ts'
import { useChange, useDeletion, useHistory, useMember, type Versioned } from './use-member.ts'

export default function MemberPage() {
  const { member: texts, members } = useTexts()
  const { userID = '' } = useParams()
  const member = useMember(userID)
  // All parts at once: one by one they would push each other down.
  const waiting = [useAccount(userID), useHistory(userID)].some(({ isFetched }) => !isFetched)
  if (member.isError) {
    return (
      <>
        <Title>{members.title}</Title>
        <Failure error={member.error} known={{ 404: texts.gone }} onRetry={member.refetch} />
      </>
    )
  }
  if (member.isPending || waiting) return <Loading />
  return (
    <Narrow>
      <Title>{member.data.member.name}</Title>
      <Member {...member.data} />
      <Account userID={userID} />
      <History userID={userID} />
    </Narrow>
  )
}

function Member({ member, etag }: Versioned) {
  const { member: texts } = useTexts()
  const change = useChange(member.userID)
  const deletion = useDeletion(member.userID)
  const isAdmin = useIsAdmin()
  const hasRole = (useAccount(member.userID).data?.roles.length ?? 0) > 0
  const guarded = hasRole && !isAdmin
  const [asked, setAsked] = useState(false)
  const [, navigate] = useLocation()
  const enabled = member.status !== 'disabled'
  const failed = deletion.error instanceof StepUpDeclined ? null : deletion.error
  const remove = () => {
    setAsked(false)
    deletion.mutate(undefined, { onSuccess: () => navigate('/admin/members') })
  }
  const toggle = () =>
    change.mutate({ changes: { status: enabled ? 'disabled' : member.confirmedAt ? 'confirmed' : 'created' }, etag })
  const known = { 400: texts.invalid, 403: texts.forbidden, 404: texts.gone, 409: texts.clash, 412: texts.conflict }
  return (
    <>
      <MemberForm
        member={member}
        change={change}
        known={known}
        guarded={guarded}
        onSave={(changes) => change.mutateAsync({ changes, etag })}
      />
      <div className="mt-4 grid gap-4">
        {!guarded && (
          <Button kind="quiet" busy={change.isPending} onClick={toggle}>
            {enabled ? texts.disable : texts.enable}
          </Button>
        )}
        {isAdmin && (
          <Button kind="danger" busy={deletion.isPending} onClick={() => setAsked(true)}>
            {texts.remove}
          </Button>
        )}
      </div>
      <Failure error={failed} known={known} />
      {asked && (
        <ConfirmDialog
          title={texts.confirmRemove}
          confirm={texts.remove}
          onConfirm={remove}
          onClose={() => setAsked(false)}
        >
          <p>{texts.confirmRemoveExplain}</p>
          <p className="wrap-anywhere">{member.name}</p>
        </ConfirmDialog>
      )}
    </>
  )
}
