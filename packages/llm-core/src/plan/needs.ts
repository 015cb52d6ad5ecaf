import type { CallOptions } from "../contract/call-options.ts";
import type { Message } from "../contract/message.ts";
import type { ModelCapabilities } from "../contract/provider.ts";

/** Capabilities that a call requires: dropping such an option would change the meaning of the request. */
export interface Needs {
  readonly images: boolean;
  readonly files: boolean;
  readonly tools: boolean;
  readonly forcedTool: boolean;
  readonly json: boolean;
  readonly schema: boolean;
}

function hasPart(messages: readonly Message[] | undefined, type: "image" | "file"): boolean {
  return (messages ?? []).some(
    ({ content }) => typeof content !== "string" && content.some((part) => part.type === type),
  );
}

/** One object for each combination, by its bits, so that the plan cache can compare by identity. */
const interned: Needs[] = [];

function intern(needs: Needs): Needs {
  let bits = 0;
  for (const need in needs) bits = 2 * bits + Number(needs[need as keyof Needs]);
  const first = interned[bits] ?? needs;
  interned[bits] = first;
  return first;
}

/** The capabilities that a call's options require. Equal needs are the same object. */
export function needsOf(options: CallOptions): Needs {
  const { tools, toolChoice, responseFormat } = options;
  return intern({
    images: hasPart(options.messages, "image"),
    files: hasPart(options.messages, "file"),
    tools: tools !== undefined && Object.keys(tools).length > 0,
    forcedTool: toolChoice === "required" || typeof toolChoice === "object",
    json: responseFormat?.type === "json",
    schema: responseFormat?.type === "json-schema",
  });
}

/** The first required option that a model does not support; `null`: it supports all. */
export function unsupportedOption(needs: Needs, supported: ModelCapabilities): string | null {
  if (needs.images && !supported.images) return "images";
  if (needs.files && !supported.files) return "files";
  if (needs.tools && !supported.tools) return "tools";
  if (needs.forcedTool && !supported.forcedToolChoice) return "toolChoice";
  if (needs.schema && !supported.schema.some((dialect) => dialect === "strict" || dialect === "loose"))
    return "responseFormat";
  if (needs.schema && needs.tools && !supported.schemaWithTools) return "responseFormat with tools";
  if (needs.json && !supported.schema.includes("json-mode")) return "responseFormat";
  return null;
}
