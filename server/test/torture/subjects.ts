import { exactHarness } from '@uurwerk/connectors/exact-online/harness.ts'
import { exactOnline } from '@uurwerk/connectors/exact-online/index.ts'
import { fakeSubjects, type Subject } from './torture.ts'

const exact: Subject = { name: 'exact-online', connector: exactOnline, harness: exactHarness }

/** Every package that is put to the torture; a real one as often as two forms of the fake one. */
export const subjects: readonly Subject[] = [...fakeSubjects, exact, exact]
