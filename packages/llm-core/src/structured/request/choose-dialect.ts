import type { JsonObject } from "../../contract/json.ts";
import type { ModelCapabilities, SchemaDialect } from "../../contract/provider.ts";
import { expectedShape } from "../schema/expected-shape.ts";
import { hoist } from "../schema/hoist.ts";
import { toStrictSchema } from "../schema/to-strict-schema.ts";

/** How a schema is sent to one link. */
export interface Dialect {
  readonly kind: SchemaDialect;
  /** The schema that is sent, wrapped if needed; `null`: the library gave no JSON Schema. */
  readonly schema: JsonObject | null;
  /** The member that holds the value, if the value cannot be the root; `null`: not wrapped. */
  readonly wrap: string | null;
  /** Whether optional members were made nullable: the answer must go through `unWiden`. */
  readonly widened: boolean;
}

/** Input of {@link chooseDialect}. */
export interface DialectChoice {
  readonly jsonSchema: JsonObject | null;
  readonly capabilities: ModelCapabilities;
  /** Whether the answer must be streamed. */
  readonly streaming: boolean;
  /** Whether the call has tools. */
  readonly tools: boolean;
  /** Dialects that the link refused in this call. */
  readonly refused: ReadonlySet<SchemaDialect>;
}

/** The chosen dialect, with a warning for each one skipped for a reason that the caller can change. */
export interface ChosenDialect {
  readonly dialect: Dialect;
  readonly warnings: readonly string[];
}

/** Chooses the best dialect of the model that can express the schema. The fallback is an instruction in the prompt, which always can. */
export function chooseDialect(choice: DialectChoice): ChosenDialect {
  const warnings: string[] = [];
  for (const kind of choice.capabilities.schema) {
    const obstacle = obstacleTo(kind, choice);
    if (obstacle === null) {
      const dialect = express(kind, choice);
      if (typeof dialect !== "string") return { dialect, warnings };
      warnings.push(`the schema cannot be requested as "${kind}": ${dialect}`);
    } else if (obstacle !== "") warnings.push(`the schema is not requested as "${kind}": ${obstacle}`);
  }
  const dialect = express("prompt", choice);
  if (typeof dialect === "string") throw new TypeError("the prompt dialect expresses everything");
  return { dialect, warnings };
}

/** Why a dialect cannot be used for this call; empty if no warning is needed; `null`: it can be used. */
function obstacleTo(kind: SchemaDialect, choice: DialectChoice): string | null {
  const { capabilities, streaming, tools, jsonSchema, refused } = choice;
  if (kind === "prompt") return null;
  if (refused.has(kind)) return "the vendor refused it";
  if (jsonSchema === null && kind !== "json-mode") return "";
  if (tools && kind === "tool") return "the call has tools of its own";
  if (tools && !capabilities.schemaWithTools) return "this model does not take it together with tools";
  if (kind === "tool") return capabilities.tools && capabilities.forcedToolChoice ? null : "";
  if (kind !== "json-mode" && streaming && !capabilities.schemaWithStreaming) {
    return "this model does not take it together with streaming";
  }
  return null;
}

/** The schema in a dialect, or the reason why the dialect cannot express it. */
function express(kind: SchemaDialect, { jsonSchema, capabilities }: DialectChoice): Dialect | string {
  const wrap = wrapFor(kind, jsonSchema);
  if (jsonSchema === null) return { kind, schema: null, wrap, widened: false };
  if (kind !== "strict") return { kind, schema: wrapped(jsonSchema, wrap), wrap, widened: false };
  const strict = toStrictSchema(jsonSchema, capabilities.strictSchema);
  return strict.ok ? { kind, schema: wrapped(strict.schema, wrap), wrap, widened: true } : strict.reason;
}

/**
 * The member to wrap the value in: only the prompt dialect allows an array as the root, and other roots than objects and arrays are
 * always wrapped.
 */
function wrapFor(kind: SchemaDialect, jsonSchema: JsonObject | null): string | null {
  if (jsonSchema === null) return null;
  const isUnion = jsonSchema.anyOf !== undefined || jsonSchema.oneOf !== undefined || jsonSchema.$ref !== undefined;
  const { root } = expectedShape(jsonSchema);
  if (root === "array") return kind === "prompt" ? null : "items";
  if (root === "object") return isUnion && kind !== "prompt" ? "value" : null;
  return "value";
}

function wrapped(schema: JsonObject, wrap: string | null): JsonObject {
  const { $schema: _, ...rest } = schema;
  if (wrap === null) return rest;
  const { value, definitions } = hoist(rest);
  return {
    type: "object",
    properties: { [wrap]: value },
    required: [wrap],
    additionalProperties: false,
    ...definitions,
  };
}
