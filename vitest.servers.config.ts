import { defineConfig } from "vitest/config";

/** The tests that start servers and many processes of their own, one file at a time: they measure. `pnpm test:servers`. */
export default defineConfig({
  test: {
    name: "servers",
    include: ["packages/*/src/**/*.server.test.ts"],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
});
