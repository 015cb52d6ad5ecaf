import { RequestRefusedError } from "../simulated-refusal.ts";
import { isObjectSchema, walkSchema } from "../walk-schema.ts";

/** Keywords that Anthropic's structured outputs refuse, by type. */
const NOT_SUPPORTED: Readonly<Record<string, readonly string[]>> = {
  integer: ["exclusiveMaximum", "exclusiveMinimum", "maximum", "minimum", "multipleOf"],
  number: ["exclusiveMaximum", "exclusiveMinimum", "maximum", "minimum", "multipleOf"],
  string: ["maxLength", "minLength"],
  array: ["maxItems", "uniqueItems"],
};

/**
 * Refuses a schema outside the subset of Anthropic's structured outputs, with Anthropic's messages. Source: the structured-outputs page,
 * "JSON Schema limitations" (2026), and published error bodies (2025-11, 2026-08).
 *
 * @param path - the path of the schema: `output_config.format.schema`
 */
export function checkClaudeSchema(schema: unknown, path: string): void {
  const refuse = (message: string): never => {
    throw new RequestRefusedError("schema", path, `${path}: ${message}`);
  };
  let unions = 0;
  let optionals = 0;
  for (const { schema: node } of walkSchema(schema)) {
    if (Array.isArray(node.type) || Array.isArray(node.anyOf)) unions += 1;
    if (isObjectSchema(node)) optionals += optionalsOf(node);
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
  if (unions > MAX_UNIONS) {
    refuse(
      `Schemas contains too many parameters with union types (${unions} parameters with type arrays or anyOf). Reduce the number of union-typed parameters (limit: ${MAX_UNIONS}).`,
    );
  }
  if (optionals > MAX_OPTIONALS) {
    refuse(
      `Schemas contains too many optional parameters (${optionals}). Reduce the number of optional parameters in your tool schemas (limit: ${MAX_OPTIONALS}).`,
    );
  }
}

/** Maximum of each over all schemas of a request (structured outputs, 2026). */
const MAX_UNIONS = 16;
const MAX_OPTIONALS = 24;

function optionalsOf({ properties, required }: Readonly<Record<string, unknown>>): number {
  const names = typeof properties === "object" && properties !== null ? Object.keys(properties) : [];
  const asRequired: readonly unknown[] = Array.isArray(required) ? required : [];
  return names.filter((name) => !asRequired.includes(name)).length;
}
