import type { Options } from "tsup";

/** `node:sqlite` exists under that name alone, and tsup would take the prefix away. The other options are on the command line. */
const config: Options = { removeNodeProtocol: false };

export default config;
