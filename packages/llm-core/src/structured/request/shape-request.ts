import type { JsonObject } from "../../contract/json.ts";
import type { Message } from "../../contract/message.ts";
import type { ModelRequest } from "../../contract/provider.ts";
import { toWellFormed } from "../../contract/to-well-formed.ts";
import type { Dialect } from "./choose-dialect.ts";

/** The name of the schema on the wire, and of the tool in the tool dialect. */
export const ANSWER = "answer";

/** The instruction that puts a schema into the prompt. The schema is on one line. */
export function instruction(schema: JsonObject | null): string {
  const form = "Answer with JSON and nothing else: no prose before or after it, no code fence, no comments.";
  return schema === null ? form : `${form}\nJSON schema: ${JSON.stringify(toWellFormed(schema))}`;
}

/** Adds the schema to a request, as the dialect requires. */
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

/** Adds the instruction after the leading system messages, so that a cached prefix stays valid. */
export function withInstruction(request: ModelRequest, schema: JsonObject | null): ModelRequest {
  const message: Message = { role: "system", content: instruction(schema) };
  const { messages } = request;
  const first = messages.findIndex(({ role }) => role !== "system");
  const at = first < 0 ? messages.length : first;
  return { ...request, messages: [...messages.slice(0, at), message, ...messages.slice(at)] };
}
