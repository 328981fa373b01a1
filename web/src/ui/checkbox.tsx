interface Props {
  label: string
  checked: boolean
  onChange(checked: boolean): void
}

export const Checkbox = ({ label, checked, onChange }: Props) => (
  <label className="flex min-h-11 items-center gap-3">
    <input
      type="checkbox"
      className="size-5 shrink-0 accent-accent"
      checked={checked}
      onChange={({ target }) => onChange(target.checked)}
    />
    {label}
  </label>
)
