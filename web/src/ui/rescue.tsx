import { Component, type ReactNode } from 'react'
import { useTexts } from '../i18n/language.tsx'
import { Button } from './button.tsx'

/** For a page that cannot be shown, such as one whose script did not come: by no connection, or after the pages were renewed. */
export class Rescue extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false }

  static getDerivedStateFromError() {
    return { failed: true }
  }

  override render() {
    return this.state.failed ? <Failed /> : this.props.children
  }
}

function Failed() {
  const texts = useTexts()
  return (
    <div role="alert" className="grid justify-items-center gap-4 py-8">
      <p>{texts.failed}</p>
      <Button onClick={() => location.reload()}>{texts.tryAgain}</Button>
    </div>
  )
}
