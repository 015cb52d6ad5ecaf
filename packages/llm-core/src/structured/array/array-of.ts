import type { JsonObject } from "../../contract/json.ts";
import { hoist } from "../schema/hoist.ts";

/** The schema of an array of these elements. */
export function arrayOf(element: JsonObject): JsonObject {
  const { value, definitions } = hoist(element);
  return { type: "array", items: value, ...definitions };
}
