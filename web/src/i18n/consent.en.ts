export const consent = {
  title: 'Sign in to another app',
  asks: (app: string) => `${app} wants to know who you are. It will be able to see:`,
  scopes: {
    openid: 'which account is yours',
    profile: 'your name',
    email: 'your e-mail',
    phone: 'your phone number',
    offline_access: 'this also while you are not using it, for up to 30 days',
  },
  allow: 'Allow',
  deny: 'Do not allow',
  over: 'This has expired. Go back to the app and start again.',
}
