import frame from './en/frame.json' with { type: 'json' }
import parts from './en/parts.json' with { type: 'json' }
import problems from './en/problems.json' with { type: 'json' }
import time from './en/time.json' with { type: 'json' }

/** What the first screen says; all other words come after it. */
export default { ...frame, ...parts, ...problems, ...time }
