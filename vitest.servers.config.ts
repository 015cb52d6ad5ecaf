import { defineConfig } from "vitest/config";

/**
 * The tests that start Redis, Postgres, Chromium and many processes of their own, and long tables (`*.long.test.ts`), one file at a time,
 * because they measure:
 * `npx -y pnpm@10 test:servers`. One whose program is not installed skips and says so; with `CI=true` it fails.
 */
export default defineConfig({
  test: {
    name: "servers",
    include: ["{packages,examples}/*/src/**/*.{server,browser,long}.test.{ts,tsx}"],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
});
