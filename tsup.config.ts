import { defineConfig } from "tsup";

/** Found by the `build` of every package. */
export default defineConfig({
  // `node:sqlite` exists under this name only, and workers know only names with the prefix.
  removeNodeProtocol: false,
});
