/** Who is signed in, as auth knows them. */
export interface Me {
  userID: string
  roles: string[]
  amr: string[]
  mfa: { enabled: boolean; backupCodesLeft: number }
}
