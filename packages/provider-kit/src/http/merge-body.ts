import type { JsonObject } from "@babylon/llm-core";
import { collectMembers } from "../wire/collect-members.ts";

/**
 * Merges a caller's fields into a wire object: objects field by field, everything else is replaced. A caller who sets one field of an object
 * keeps the adapter's other fields.
 */
export function mergeBody(body: JsonObject, own: JsonObject | undefined): JsonObject {
  if (own === undefined) return body;
  const { members, add } = collectMembers(body);
  add(own);
  return members;
}
