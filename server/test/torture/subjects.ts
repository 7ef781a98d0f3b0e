import { fakeSubjects, type Subject } from './torture.ts'

/** Every package that is put to the torture. */
export const subjects: readonly Subject[] = [...fakeSubjects]
