interface Props<Value extends string> {
  label: string
  value: Value | ''
  /** Each value's name. */
  options: Record<Value, string>
  /** What the empty value says. */
  any: string
  onChange(value: Value | ''): void
}

/** One of a few, or any. */
export const SelectField = <Value extends string>({ label, value, options, any, onChange }: Props<Value>) => (
  <label className="min-w-0 max-w-full font-medium">
    {label}
    <select
      className="mt-1 block min-h-11 max-w-full rounded-md border border-line bg-page px-3 font-normal"
      value={value}
      onChange={({ target }) => onChange(target.value as Value | '')}
    >
      <option value="">{any}</option>
      {Object.entries<string>(options).map(([option, name]) => (
        <option key={option} value={option}>
          {name}
        </option>
      ))}
    </select>
  </label>
)
