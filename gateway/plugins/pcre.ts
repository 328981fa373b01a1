const FLAGS = /^\(\?([ims]+)\)/

/** A regex as Kong's plugins take them. PCRE's and JavaScript's differ for what such lists use only in flags at the start. */
export function compilePcre(source: string): RegExp {
  const [prefix = '', flags = ''] = FLAGS.exec(source) ?? []
  return new RegExp(source.slice(prefix.length), flags)
}
