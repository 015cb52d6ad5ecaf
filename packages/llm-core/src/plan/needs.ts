import type { CallOptions } from "../contract/call-options.ts";
import type { Message } from "../contract/message.ts";
import type { ModelCapabilities } from "../contract/provider.ts";

/** What a call cannot do without: dropping it would change what was asked. */
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

/** One object for each combination, so that plans are told apart by it. */
const known: Needs[] = [];

function same(needs: Needs): Needs {
  let place = 0;
  for (const need in needs) place = 2 * place + Number(needs[need as keyof Needs]);
  const first = known[place] ?? needs;
  known[place] = first;
  return first;
}

/** Reads the needs off a call's options: the same object for the same needs. */
export function needsOf(options: CallOptions): Needs {
  const { tools, toolChoice, responseFormat } = options;
  return same({
    images: hasPart(options.messages, "image"),
    files: hasPart(options.messages, "file"),
    tools: tools !== undefined && Object.keys(tools).length > 0,
    forcedTool: toolChoice === "required" || typeof toolChoice === "object",
    json: responseFormat?.type === "json",
    schema: responseFormat?.type === "json-schema",
  });
}

/** The option that a model cannot serve, or `null`. */
export function unsupportedOption(needs: Needs, can: ModelCapabilities): string | null {
  if (needs.images && !can.images) return "images";
  if (needs.files && !can.files) return "files";
  if (needs.tools && !can.tools) return "tools";
  if (needs.forcedTool && !can.forcedToolChoice) return "toolChoice";
  if (needs.schema && !can.schema.some((dialect) => dialect === "strict" || dialect === "loose"))
    return "responseFormat";
  if (needs.schema && needs.tools && !can.schemaWithTools) return "responseFormat with tools";
  if (needs.json && !can.schema.includes("json-mode")) return "responseFormat";
  return null;
}
