import type { consent as en } from './consent.en.ts'

export const consent: typeof en = {
  title: 'เข้าสู่ระบบแอปอื่น',
  asks: (app) => `${app} ต้องการทราบว่าคุณเป็นใคร โดยแอปจะเห็นข้อมูลต่อไปนี้`,
  scopes: {
    openid: 'บัญชีใดเป็นของคุณ',
    profile: 'ชื่อของคุณ',
    email: 'อีเมลของคุณ',
    phone: 'หมายเลขโทรศัพท์ของคุณ',
    offline_access: 'ข้อมูลข้างต้นแม้ในเวลาที่คุณไม่ได้ใช้แอป เป็นเวลาไม่เกิน 30 วัน',
  },
  allow: 'อนุญาต',
  deny: 'ไม่อนุญาต',
  over: 'หมดเวลาแล้ว โปรดกลับไปที่แอปแล้วเริ่มใหม่',
}
