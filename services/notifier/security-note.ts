import type { Noted, SecurityNoted } from '../../auth/events.ts'
import type { Event } from '../../lib/bus/event.ts'
import type { Mail } from './mailer.ts'
import { readTemplate } from './template.ts'

const template = readTemplate('security-note')

const NOTES: Record<Noted, { subject: string; thai: string; english: string }> = {
  password_changed: {
    subject: 'รหัสผ่านถูกเปลี่ยนแล้ว · Your password was changed – Jade Palace',
    thai: 'รหัสผ่านของบัญชีคุณถูกเปลี่ยนแล้ว และอุปกรณ์อื่นทั้งหมดถูกออกจากระบบ หากไม่ใช่คุณ โปรดตั้งรหัสผ่านใหม่ทันที:',
    english:
      'The password of your account was changed, and all other devices were signed out. If it was not you, set a new password at once:',
  },
  second_factor_enabled: {
    subject: 'เปิดการยืนยันตัวตนสองขั้นตอนแล้ว · A second factor was set up – Jade Palace',
    thai: 'มีการตั้งค่าการยืนยันตัวตนสองขั้นตอนให้บัญชีของคุณ หากไม่ใช่คุณ โปรดตั้งรหัสผ่านใหม่ทันทีและติดต่อเรา:',
    english:
      'A second factor was set up for your account. If it was not you, set a new password at once and get in touch with us:',
  },
  second_factor_disabled: {
    subject: 'ปิดการยืนยันตัวตนสองขั้นตอนแล้ว · Your second factor was disabled – Jade Palace',
    thai: 'การยืนยันตัวตนสองขั้นตอนของบัญชีคุณถูกปิดแล้ว หากไม่ใช่คุณ โปรดตั้งรหัสผ่านใหม่ทันที:',
    english:
      'The second factor of your account was disabled. If it was not you, set a new password at once and enable it again:',
  },
  backup_codes_renewed: {
    subject: 'ออกรหัสสำรองชุดใหม่แล้ว · Your backup codes were renewed – Jade Palace',
    thai: 'มีการออกรหัสสำรองชุดใหม่ให้บัญชีของคุณ รหัสชุดเดิมใช้ไม่ได้อีกต่อไป หากไม่ใช่คุณ โปรดตั้งรหัสผ่านใหม่ทันทีและออกรหัสสำรองอีกครั้ง:',
    english:
      'New backup codes were made for your account, and the old ones no longer work. If it was not you, set a new password at once and renew them again:',
  },
  sign_in_locked: {
    subject: 'การเข้าสู่ระบบถูกระงับชั่วคราว · Sign-in is locked for now – Jade Palace',
    thai: 'มีการกรอกรหัสผ่านของบัญชีคุณผิดหลายครั้ง การเข้าสู่ระบบจึงถูกระงับชั่วคราวและจะเปิดอีกครั้งเมื่อเวลาผ่านไป หากต้องการปลดทันที ตั้งรหัสผ่านใหม่ได้ที่นี่:',
    english:
      'A wrong password was entered for your account several times, so sign-in is locked for now. It opens again after a while; a new password unlocks it at once:',
  },
  registered_again: {
    subject: 'คุณมีบัญชีอยู่แล้ว · You have an account already – Jade Palace',
    thai: 'มีผู้พยายามสมัครสมาชิกด้วยที่อยู่อีเมลนี้ ซึ่งมีบัญชีอยู่แล้ว หากเป็นคุณและลืมรหัสผ่าน ตั้งรหัสผ่านใหม่ได้ที่นี่ หากไม่ใช่คุณ ไม่ต้องดำเนินการใด ๆ:',
    english:
      'Somebody tried to register with this address, which has an account already. If it was you and you forgot the password, set a new one here; if not, you need not do anything:',
  },
}

/** Writes the mail that tells an owner what happened to their account. It holds no secret. */
export const createSecurityNote =
  ({ publicUrl }: { publicUrl: string }) =>
  ({ id, data: { email, noted } }: Event<SecurityNoted>): Mail => {
    const { subject, thai, english } = NOTES[noted]
    const link = new URL('/password/forgot', publicUrl)
    return { id, to: email, subject, ...template({ thai, english, link: link.href }) }
  }
