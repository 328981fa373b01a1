const DIGITS = 13

/** A Thai national ID: thirteen digits, the last of them a check digit over the others, weighted 13 down to 2, modulo 11. */
export function isThaiID(text: string): boolean {
  if (!/^\d{13}$/.test(text)) return false
  let sum = 0
  for (let place = 0; place < DIGITS - 1; place++) sum += Number(text[place]) * (DIGITS - place)
  return Number(text[DIGITS - 1]) === (11 - (sum % 11)) % 10
}
