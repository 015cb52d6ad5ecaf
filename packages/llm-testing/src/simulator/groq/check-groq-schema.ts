import { isRecord } from "@babylon/llm-core";
import { RequestRefusedError } from "../simulated-refusal.ts";
import { isObjectSchema, walkSchema } from "../walk-schema.ts";

/** Observed to be refused by name: `invalid schema for response format: response_format/json_schema/NAME: minItems is not supported`. */
const NOT_SUPPORTED = ["minItems", "maxItems", "uniqueItems"] as const;

/** Refuses a schema outside the subset of Groq's strict mode, with Groq's messages (observed 2025-10 and 2026-08). */
export function checkGroqSchema(schema: unknown, name: string): void {
  const refuse = (what: string): never => {
    throw new RequestRefusedError("schema", null, `invalid JSON schema for response_format: '${name}': ${what}`);
  };
  for (const node of walkSchema(schema)) {
    for (const keyword of NOT_SUPPORTED) {
      if (!(keyword in node.schema)) continue;
      const message = `invalid schema for response format: response_format/json_schema/${name}: ${keyword} is not supported`;
      throw new RequestRefusedError("schema", null, message);
    }
    if (!isObjectSchema(node.schema)) continue;
    if (node.schema.additionalProperties !== false) refuse("`additionalProperties:false` must be set on every object");
    const names = isRecord(node.schema.properties) ? Object.keys(node.schema.properties) : [];
    const required: readonly unknown[] = Array.isArray(node.schema.required) ? node.schema.required : [];
    const missing = names.find((one) => !required.includes(one));
    if (missing !== undefined) refuse(`\`required\` must list every property, missing '${missing}'`);
  }
}
