/** Of the thread that asks; one that its event loop does not wait for (`unref`) doesn't count. */
export const pendingTimers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length
