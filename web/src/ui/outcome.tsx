import { Failure } from './failure.tsx'

interface Props {
  error: unknown
  known?: Record<number, string>
  /** What to say where it worked. */
  done: string | false
}

/** How something went, announced as it is known. Both lines share their place: nothing moves. */
export const Outcome = ({ done, ...failure }: Props) => (
  <div className="grid *:[grid-area:1/1]">
    <p role="status" className="font-medium text-accent">
      {done}
    </p>
    <Failure {...failure} />
  </div>
)
