import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** Our client: as it is published, from the folder that `BABYLON_BUILT` names; without one, from source. */
export async function loadBabylon(): Promise<typeof import("@babylon/llm")> {
  const folder = process.env.BABYLON_BUILT;
  if (folder === undefined) return import("@babylon/llm");
  return import(pathToFileURL(join(folder, "node_modules/@babylon/llm/dist/index.js")).href);
}
