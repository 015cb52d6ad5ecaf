import { RequestRefused } from "../refusal.ts";
import { isObjectSchema, walkSchema } from "../walk-schema.ts";

/** What Anthropic's structured outputs do not take, by the type that a schema has. */
const NOT_SUPPORTED: Readonly<Record<string, readonly string[]>> = {
  integer: ["exclusiveMaximum", "exclusiveMinimum", "maximum", "minimum", "multipleOf"],
  number: ["exclusiveMaximum", "exclusiveMinimum", "maximum", "minimum", "multipleOf"],
  string: ["maxLength", "minLength"],
  array: ["maxItems", "uniqueItems"],
};

/**
 * Refuses a schema outside the subset of Anthropic's structured outputs, in Anthropic's words. Source: the structured-outputs page,
 * "JSON Schema limitations" (2026), and bodies seen by others (2025-11, 2026-08).
 *
 * @param path - where the schema stands: `output_config.format.schema`
 */
export function checkClaudeSchema(schema: unknown, path: string): void {
  const refuse = (message: string): never => {
    throw new RequestRefused("schema", path, `${path}: ${message}`);
  };
  for (const { schema: node } of walkSchema(schema)) {
    if (isObjectSchema(node) && node.additionalProperties !== false) {
      if (node.additionalProperties === undefined) {
        refuse("For 'object' type, 'additionalProperties' must be explicitly set to false");
      }
      const got = JSON.stringify(node.additionalProperties);
      refuse(
        `For 'object' type, 'additionalProperties: ${got}' is not supported. Please set 'additionalProperties' to false`,
      );
    }
    const types: readonly unknown[] = Array.isArray(node.type) ? node.type : [node.type];
    for (const type of types) {
      const found = NOT_SUPPORTED[String(type)]?.filter((keyword) => keyword in node) ?? [];
      if (found.length > 0) refuse(`For '${String(type)}' type, properties ${found.join(", ")} are not supported`);
    }
    if (typeof node.minItems === "number" && node.minItems > 1) {
      refuse("For 'array' type, 'minItems' values other than 0 or 1 are not supported");
    }
  }
}
