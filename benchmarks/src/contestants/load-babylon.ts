import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** This client: the published build in the folder `BABYLON_BUILT`, or, if that is not set, from source. */
export async function loadBabylon(): Promise<typeof import("@babylon/llm")> {
  const folder = process.env.BABYLON_BUILT;
  if (folder === undefined) return import("@babylon/llm");
  return import(pathToFileURL(join(folder, "node_modules/@babylon/llm/dist/index.js")).href);
}
