import type { clients as en } from './clients.en.ts'

export const clients: typeof en = {
  title: 'แอป',
  explain: 'แอปของผู้อื่นที่ผู้ใช้เข้าสู่ระบบด้วยบัญชีของที่นี่ผ่าน OpenID Connect',
  forbidden: 'เฉพาะผู้ดูแลระบบเท่านั้น',
  registered: 'แอปที่ลงทะเบียนแล้ว',
  none: 'ยังไม่มี',
  columns: {
    name: 'แอป',
    redirectUris: 'Redirect URI',
    postLogoutRedirectUris: 'หลังออกจากระบบ',
    scopes: 'ขอบเขต',
    createdAt: 'ตั้งแต่',
    actions: 'การทำงาน',
  },
  isConfidential: 'มีรหัสลับ',
  isPublic: 'ไม่มีรหัสลับ',
  changes: { renewSecret: 'ออกรหัสลับใหม่', remove: 'ลบ' },
  confirm: {
    renewSecret: {
      title: 'ออกรหัสลับใหม่หรือไม่',
      explain: 'รหัสลับเดิมจะใช้ไม่ได้ทันที แอปจะให้ผู้ใช้เข้าสู่ระบบไม่ได้จนกว่าจะได้รับรหัสลับใหม่',
    },
    remove: {
      title: 'ลบแอปนี้หรือไม่',
      explain: 'จะไม่มีใครเข้าสู่ระบบแอปนี้ได้อีก และสิทธิ์ทั้งหมดที่ผู้ใช้ให้ไว้จะสิ้นสุด',
    },
  },
  done: { register: 'ลงทะเบียนแล้ว', renewSecret: 'รหัสลับเดิมใช้ไม่ได้แล้ว', remove: 'ลบแล้ว' },
  gone: 'มีผู้อื่นลบแอปนี้แล้ว',
  register: 'ลงทะเบียนแอป',
  confidential: 'เก็บรหัสลับได้ เพราะทำงานบนเซิร์ฟเวอร์ ไม่ใช่บนอุปกรณ์ของผู้ใช้',
  addresses: {
    redirectUris: 'Redirect URI บรรทัดละหนึ่งรายการ',
    postLogoutRedirectUris: 'Redirect URI หลังออกจากระบบ (ไม่บังคับ) บรรทัดละหนึ่งรายการ',
  },
  scopes: 'ข้อมูลที่แอปขอได้ นอกจากว่าใครเข้าสู่ระบบ (openid)',
  scopeNames: {
    profile: 'ชื่อ (profile)',
    email: 'อีเมล (email)',
    phone: 'หมายเลขโทรศัพท์ (phone)',
    offline_access: 'ทั้งหมดนี้แม้ในเวลาที่ผู้ใช้ไม่อยู่ (offline_access)',
  },
  errors: {
    redirectUris: 'กรอก 1 ถึง 20 รายการ',
    postLogoutRedirectUris: 'กรอกไม่เกิน 20 รายการ',
  },
  refused: (addresses) => `ต้องเป็น https ที่ระบุครบถ้วน หรือ http บน localhost รายการที่ไม่ถูกต้อง: ${addresses}`,
  invalid: 'โปรดตรวจสอบข้อมูลบางช่องอีกครั้ง',
  clientID: 'Client ID',
  clientSecret: 'Client secret',
  secretOnce: 'รหัสลับจะไม่แสดงอีก โปรดส่งให้ผู้พัฒนาแอปด้วยวิธีที่ผู้อื่นไม่เห็น',
  copy: 'คัดลอก',
  copied: 'คัดลอกแล้ว',
  notCopied: 'คัดลอกที่นี่ไม่ได้ โปรดเลือกข้อความแล้วคัดลอกเอง',
}
