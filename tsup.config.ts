import { defineConfig, type Options } from "tsup";

/** Found by the `build` of every package without a configuration of its own. */
const options: Options = {
  // `node:sqlite` exists under this name only, and workers know only names with the prefix.
  removeNodeProtocol: false,
  // One file of 200 KB, of which a package uses a tenth: loading it whole is a tenth of a start with a store.
  noExternal: ["valibot"],
};
const config: ReturnType<typeof defineConfig> = defineConfig(options);

export default config;
