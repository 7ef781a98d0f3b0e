import { createSeals, Secret } from '../secrets.ts'

export const testSecretKey = 'a key for tests alone, kept nowhere'
export const testSeals = createSeals(new Secret(testSecretKey))
