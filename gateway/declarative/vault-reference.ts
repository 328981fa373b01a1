/** `{vault://env/name}`: resolved only where the value is used, so that no secret stands in the declared entities. */
export function isVaultReference(value: unknown): boolean {
  return typeof value === 'string' && /^\{vault:\/\/.+\}$/.test(value)
}
