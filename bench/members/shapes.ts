import { sorts } from '../../services/users/sorting.ts'
import { STATUSES } from '../../services/users/user.ts'

type Parameters = Record<string, string>

/** One kind of request: the index-th of it. */
export interface Shape {
  what: string
  parameters(index: number): Parameters
}

const PAGE = 100
const SEARCHES = {
  'a name': ['สมชาย', 'สมชาย ใจดี', 'ชมพู่ บุญมี', 'Somchai', 'wattana', 'กนกวรรณ', 'Kitti Sukjai', 'วงศ์สวัสดิ์'],
  'a part of an e-mail address': [
    'anong.j',
    '12345@',
    'gmail',
    'wanna.k9',
    'example.co',
    'malee.s55',
    'dara.w1234@yahoo.com',
  ],
  'a phone number, stored or dialled': ['+668123', '081-234', '0898765', '5678', '+66 9', '+6691234567', '06-1234 56'],
  'one or two characters': ['ด', 's', 'so', 'zq', 'ฌ', '08', 'นภ'],
  nobody: ['nobody at all', 'ฬฬฬ', 'xqz@example', '+66000000'],
}

const at = <Value>(values: readonly Value[], index: number): Value => values[index % values.length] as Value

/** Spread evenly over 0–1, the same way in every run. */
const spread = (index: number) => (index * 0.618_034) % 1

/** What a console asks: a page of a hundred of those selected, of so many members in all and in each status. */
export function shapesOf(totals: Map<string, number>): Shape[] {
  const deep = (index: number, status = '') =>
    String(1 + Math.floor(spread(index) * ((totals.get(status) ?? 0) / PAGE)))
  const status = (index: number) => at(STATUSES, index)
  const sort = (index: number) => at(sorts, Math.floor(index / STATUSES.length))
  const shapes: Shape[] = [
    { what: 'first page, each sort', parameters: (index) => ({ sort: at(sorts, index) }) },
    { what: 'any page, each sort', parameters: (index) => ({ sort: at(sorts, index), page: deep(index) }) },
    {
      what: 'first page of a status, each sort',
      parameters: (index) => ({ status: status(index), sort: sort(index) }),
    },
    {
      what: 'any page of a status, each sort',
      parameters: (index) => ({ status: status(index), sort: sort(index), page: deep(index, status(index)) }),
    },
    ...Object.entries(SEARCHES).map(([what, texts]) => ({
      what: `search for ${what}`,
      parameters: (index: number) => ({ search: at(texts, index), sort: at(sorts, Math.floor(index / texts.length)) }),
    })),
    {
      what: 'search, status and sort',
      parameters: (index) => ({
        search: at(Object.values(SEARCHES).flat(), index),
        ...{ status: status(Math.floor(index / 3)), sort: at(sorts, index) },
      }),
    },
  ]
  return shapes.map(({ what, parameters }) => ({
    what,
    parameters: (index) => ({ limit: String(PAGE), ...parameters(index) }),
  }))
}
