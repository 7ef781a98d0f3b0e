import { type ComponentType, lazy } from 'react'

/** A part that is loaded when it is first shown; stands inside a `Suspense`. */
export const lazyPart = <Name extends string, Props>(
  load: () => Promise<{ readonly [K in Name]: ComponentType<Props> }>,
  name: Name,
) => lazy(async () => ({ default: (await load())[name] }))
