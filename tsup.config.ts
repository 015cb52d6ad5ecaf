import { defineConfig } from "tsup";

/** Found by the `build` of every package. */
export default defineConfig({
  // `node:sqlite` exists under this name only, and workers know only names with the prefix.
  removeNodeProtocol: false,
  // One file of 200 KB, of which a package uses a tenth: loading it whole is a tenth of a start with a store.
  noExternal: ["valibot"],
});
