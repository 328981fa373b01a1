import { Link, type LinkProps } from 'wouter'

type Props = { href: string; children: LinkProps['children']; className?: string }

export const TextLink = ({ className = '', ...rest }: Props) => (
  <Link className={`text-accent underline underline-offset-4 ${className}`} {...rest} />
)
