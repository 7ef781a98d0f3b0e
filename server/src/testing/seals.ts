import { createSeals, Secret } from '../secrets.ts'

export const testSeals = createSeals(new Secret('a key for tests alone, kept nowhere'))
