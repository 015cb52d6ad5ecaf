import { configDefaults, defineProject } from "vitest/config";

/** The fast tests. What needs a server of its own or many processes is in `*.server.test.ts`: see `vitest.servers.config.ts`. */
export default defineProject({
  test: {
    name: "@babylon/settings-store",
    exclude: [...configDefaults.exclude, "**/*.server.test.ts"],
  },
});
