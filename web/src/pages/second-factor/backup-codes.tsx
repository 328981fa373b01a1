import { useTexts } from '../../i18n/language.tsx'
import { Button } from '../../ui/button.tsx'
import { useCopy } from '../../ui/use-copy.ts'

/** Ten codes, shown this once, to be kept by whoever sees them. */
export function BackupCodes({ codes }: { codes: string[] }) {
  const { secondFactor: texts } = useTexts()
  const text = `${codes.join('\n')}\n`
  const [outcome, copy] = useCopy(text)
  // Also for where nothing can be copied.
  const file = `data:text/plain;charset=utf-8,${encodeURIComponent(text)}`
  return (
    <>
      <p className="mt-6">{texts.backupExplain}</p>
      <ul
        aria-label={texts.backupTitle}
        className="mt-4 grid grid-cols-2 gap-2 rounded-md border border-line/60 bg-surface p-4 text-center font-mono"
      >
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className="mt-4 flex flex-wrap items-center gap-4">
        <Button kind="quiet" onClick={copy}>
          {texts.copy}
        </Button>
        <a
          href={file}
          download="jade-palace-backup-codes.txt"
          className="py-2 text-accent underline underline-offset-4"
        >
          {texts.download}
        </a>
        <span role="status">{outcome && texts[outcome]}</span>
      </div>
    </>
  )
}
