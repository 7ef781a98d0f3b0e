import frame from './nl/frame.json' with { type: 'json' }
import parts from './nl/parts.json' with { type: 'json' }
import problems from './nl/problems.json' with { type: 'json' }
import time from './nl/time.json' with { type: 'json' }

/** What the first screen says; all other words come after it. */
export default { ...frame, ...parts, ...problems, ...time }
