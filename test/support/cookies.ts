/** The cookies that an answer sets, by name. */
export const cookiesOf = (headers: Headers): Record<string, string> =>
  Object.fromEntries(
    headers.getSetCookie().map((line) => {
      const [pair = ''] = line.split(';')
      const at = pair.indexOf('=')
      return [pair.slice(0, at), pair.slice(at + 1)]
    }),
  )

/** The header by which a browser sends them back. */
export const cookieHeader = (cookies: Record<string, string>): Record<string, string> => ({
  cookie: Object.entries(cookies)
    .map((pair) => pair.join('='))
    .join('; '),
})

/** What an answer says of a cookie beside its value, but for the time. */
export function attributesOf(headers: Headers, name: string): string[] {
  const line = headers.getSetCookie().find((each) => each.startsWith(`${name}=`)) ?? ''
  return line
    .toLowerCase()
    .split('; ')
    .slice(1)
    .filter((attribute) => !attribute.startsWith('expires='))
}
