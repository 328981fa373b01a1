const PRIME_1 = 0x9e3779b1
const PRIME_2 = 0x85ebca77
const PRIME_3 = 0xc2b2ae3d
const PRIME_4 = 0x27d4eb2f
const PRIME_5 = 0x165667b1

/** xxHash with 32 bits and the seed 0: the hash of Kong's ring, so that a key leads to the same target there and here. */
export function xxhash32(text: string): number {
  const bytes = Buffer.from(text, 'utf8')
  const { length } = bytes
  let at = 0
  let hash = PRIME_5
  if (length >= 16) {
    const lanes = [PRIME_1 + PRIME_2, PRIME_2, 0, -PRIME_1]
    for (; at + 16 <= length; at += 16)
      for (let lane = 0; lane < 4; lane++) lanes[lane] = round(lanes[lane] as number, bytes.readUInt32LE(at + 4 * lane))
    const [one, two, three, four] = lanes as [number, number, number, number]
    hash = rotate(one, 1) + rotate(two, 7) + rotate(three, 12) + rotate(four, 18)
  }
  hash = (hash + length) | 0
  for (; at + 4 <= length; at += 4)
    hash = Math.imul(rotate(hash + Math.imul(bytes.readUInt32LE(at), PRIME_3), 17), PRIME_4)
  for (; at < length; at++) hash = Math.imul(rotate(hash + Math.imul(bytes[at] as number, PRIME_5), 11), PRIME_1)
  return avalanche(hash)
}

function round(lane: number, input: number): number {
  return Math.imul(rotate(lane + Math.imul(input, PRIME_2), 13), PRIME_1)
}

function rotate(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by))
}

function avalanche(value: number): number {
  let hash = Math.imul(value ^ (value >>> 15), PRIME_2)
  hash = Math.imul(hash ^ (hash >>> 13), PRIME_3)
  return (hash ^ (hash >>> 16)) >>> 0
}
