import { configDefaults, defineProject } from "vitest/config";

export default defineProject({
  test: {
    name: "@babylon/admin-api",
    // One test weighs what 10,000 refused requests leave behind.
    execArgv: ["--expose-gc"],
    exclude: [...configDefaults.exclude, "**/*.{server,browser}.test.ts"],
  },
});
