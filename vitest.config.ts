import { defineConfig } from 'vitest/config'

const database = { globalSetup: ['server/src/testing/global-setup.ts'], testTimeout: 60_000, hookTimeout: 120_000 }
/** Files share what they import, so that the whole program is read once for each worker and not for each file. */
const shared = { isolate: false }
const besides = ['**/node_modules/**', '**/dist/**']

/** The projects and their budgets: time is virtual in all of them, and a database is started only where one is used. */
export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            'core/src/**/*.test.ts',
            'connectors/src/**/*.test.ts',
            'api/src/**/*.test.ts',
            'web/src/**/*.test.{ts,tsx}',
            'scripts/**/*.test.ts',
            '*.test.ts',
          ],
          exclude: [...besides, '**/*.conformance.test.ts', '**/*.wire.test.ts'],
        },
      },
      { test: { name: 'conformance', include: ['connectors/src/**/*.conformance.test.ts'], exclude: besides } },
      { test: { name: 'wire', include: ['connectors/src/**/*.wire.test.ts'], exclude: besides } },
      {
        test: {
          name: 'server',
          ...database,
          ...shared,
          include: ['server/{src,test}/**/*.test.ts', 'bench/**/*.test.ts'],
          exclude: [...besides, '**/*.torture.test.ts', '**/*.journey.test.ts'],
        },
      },
      { test: { name: 'torture', ...database, include: ['server/test/**/*.torture.test.ts'], exclude: besides } },
      {
        test: {
          name: 'journeys',
          ...database,
          ...shared,
          include: ['server/test/**/*.journey.test.ts'],
          exclude: besides,
          // After everything else: what a browser waits for is not held up by other tests.
          sequence: { groupOrder: 1 },
          maxWorkers: 2,
          testTimeout: 150_000,
          // What a page shows comes when it comes; a busy machine is no failure.
          expect: { poll: { timeout: 30_000 } },
        },
      },
      { test: { name: 'examples', include: ['examples/**/*.test.ts'], exclude: besides } },
    ],
  },
})
