const THAI_FIRST =
  'สมชาย สมหญิง สมศักดิ์ สมบัติ สมพร อนงค์ บุญศรี ชมพู่ ดารา ประเสริฐ วิชัย สุดา มาลี นภา กนกวรรณ ณัฐพล ธนากร พรทิพย์ ปิยะ รัตนา ศิริพร สุรชัย อารีย์ กิตติ จันทร์เพ็ญ ชัยวัฒน์ ฐิติมา นิภา พิมพ์ใจ วรรณา'
const THAI_LAST =
  'ใจดี ทองคำ แก้วมณี ศรีสุข บุญมี วงศ์สวัสดิ์ จันทร์แดง สุขใจ พงษ์ไพบูลย์ ชัยมงคล รักไทย เจริญสุข ทรัพย์สิน มั่นคง อินทร์แก้ว ศักดิ์สิทธิ์ พรหมมา สายทอง นาคสุข ธนบดี แสงจันทร์ วัฒนา เพชรรัตน์ ดวงดี คงเจริญ'
const LATIN_FIRST =
  'Somchai Somying Somsak Sombat Somporn Anong Boonsri Chompoo Dara Prasert Wichai Suda Malee Napa Kanokwan Nattapon Thanakorn Pornthip Piya Rattana Siriporn Surachai Aree Kitti Janpen Chaiwat Thitima Nipa Pimjai Wanna'
const LATIN_LAST =
  'Jaidee Thongkam Kaewmanee Srisuk Boonmee Wongsawat Jandaeng Sukjai Pongpaiboon Chaimongkol Rakthai Charoensuk Sapsin Mankong Inkaew Saksit Promma Saithong Naksuk Thanabodee Saengchan Wattana Petcharat Duangdee Kongcharoen'
const DOMAINS = 'gmail.com gmail.com gmail.com hotmail.com hotmail.com outlook.co.th yahoo.com example.co.th'
/** Of a hundred members. */
const STATUSES = 'deleted disabled disabled created created created created'
  .split(' ')
  .concat(Array(10).fill('confirmation_sent'))

const list = (words: string | string[]) =>
  `array['${(typeof words === 'string' ? words.split(' ') : words).join("','")}']`

/** A word of the list, the same one whenever it is asked for the n-th member. */
const pick = (words: string, salt: number) => {
  const values = list(words)
  return `(${values})[1 + (hashint4(n + ${salt}) & 2147483647) % array_length(${values}, 1)]`
}

/**
 * So many members ($1), the same ones in every run: two thirds with a Thai name, each with an e-mail address of the
 * transliteration, three years of registrations, and one in a hundred deleted since.
 */
export const INSERT_PEOPLE = `
  with person as (
    select n,
      (hashint4(n) & 2147483647) % 3 < 2 as thai,
      ${pick(THAI_FIRST, 1)} || ' ' || ${pick(THAI_LAST, 2_000_000)} as thai_name,
      ${pick(LATIN_FIRST, 1)} as first, ${pick(LATIN_LAST, 2_000_000)} as last,
      ${pick(DOMAINS, 4_000_000)} as domain,
      coalesce((${list(STATUSES)})[1 + (hashint4(n + 6000000) & 2147483647) % 100], 'confirmed') as status,
      timestamptz '2023-11-01' + n * interval '95 seconds' as registered
    from generate_series(1, $1::int) n
  )
  insert into users.users (id, name, email, phone_number, status, confirmed_at, created_at, updated_at)
  select md5('member ' || n)::uuid,
    case when status <> 'deleted' then case when thai then thai_name else first || ' ' || last end end,
    case when status <> 'deleted' then lower(first || '.' || left(last, 1) || n || '@' || domain) end,
    case when status <> 'deleted' then '+66' || (array[6, 8, 9])[1 + n % 3] || lpad((n * 7919::bigint % 100000000)::text, 8, '0') end,
    status, case when status = 'confirmed' then registered + interval '5 minutes' end, registered, registered
  from person`
