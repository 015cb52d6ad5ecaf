import type { JsonObject } from "../contract/json.ts";
import type { Message } from "../contract/message.ts";
import type { ModelRequest } from "../contract/provider.ts";
import type { Dialect } from "./choose-dialect.ts";

/** The name of the schema on the wire, and of the tool in the tool dialect. */
export const ANSWER = "answer";

/** The instruction that carries a schema through the prompt. The schema stands on one line of its own. */
export function instruction(schema: JsonObject | null): string {
  const form = "Answer with JSON and nothing else: no prose before or after it, no code fence, no comments.";
  return schema === null ? form : `${form}\nJSON schema: ${JSON.stringify(schema)}`;
}

/** Puts the schema into a request, in the way of the dialect. */
export function shapeRequest(request: ModelRequest, { kind, schema }: Dialect): ModelRequest {
  switch (kind) {
    case "strict":
    case "loose":
      if (schema === null) return withInstruction(request, schema);
      return { ...request, responseFormat: { type: "json-schema", name: ANSWER, schema, strict: kind === "strict" } };
    case "json-mode":
      return { ...withInstruction(request, schema), responseFormat: { type: "json" } };
    case "tool":
      if (schema === null) return withInstruction(request, schema);
      return {
        ...request,
        tools: { [ANSWER]: { description: "Gives the answer.", inputSchema: schema } },
        toolChoice: { tool: ANSWER },
      };
    case "prompt":
      return withInstruction(request, schema);
  }
}

/** Behind the leading system messages, so that a cached beginning stays the same. */
function withInstruction(request: ModelRequest, schema: JsonObject | null): ModelRequest {
  const message: Message = { role: "system", content: instruction(schema) };
  const { messages } = request;
  const first = messages.findIndex(({ role }) => role !== "system");
  const at = first < 0 ? messages.length : first;
  return { ...request, messages: [...messages.slice(0, at), message, ...messages.slice(at)] };
}
