import type { JsonObject } from "../contract/json.ts";
import type { ModelCapabilities, SchemaDialect } from "../contract/provider.ts";
import { hoist } from "./hoist.ts";
import { toStrictSchema } from "./to-strict-schema.ts";
import { wantedShape } from "./wanted-shape.ts";

/** How a schema is asked for at one link. */
export interface Dialect {
  readonly kind: SchemaDialect;
  /** What is sent, wrapped; `null`: the library gave no JSON Schema. */
  readonly schema: JsonObject | null;
  /** The member that holds the value, where its root may not stand alone; `null`: none. */
  readonly wrap: string | null;
  /** Optional members were made nullable: the answer has to be un-widened. */
  readonly widened: boolean;
}

/** What a dialect is chosen by. */
export interface DialectChoice {
  readonly jsonSchema: JsonObject | null;
  readonly capabilities: ModelCapabilities;
  /** The answer has to arrive as a stream. */
  readonly streaming: boolean;
  /** The call has tools of its own. */
  readonly tools: boolean;
}

/** The chosen dialect, and what was passed over for a reason that the caller can change. */
export interface ChosenDialect {
  readonly dialect: Dialect;
  readonly warnings: readonly string[];
}

/** The best dialect of the model in which the schema can be said; the last resort, an instruction in the prompt, always can. */
export function chooseDialect(choice: DialectChoice): ChosenDialect {
  const warnings: string[] = [];
  for (const kind of choice.capabilities.schema) {
    const obstacle = obstacleTo(kind, choice);
    if (obstacle === null) {
      const dialect = express(kind, choice);
      if (typeof dialect !== "string") return { dialect, warnings };
      warnings.push(`the schema cannot be asked for as "${kind}": ${dialect}`);
    } else if (obstacle !== "") warnings.push(`the schema is not asked for as "${kind}": ${obstacle}`);
  }
  const dialect = express("prompt", choice);
  if (typeof dialect === "string") throw new TypeError("the prompt dialect expresses everything");
  return { dialect, warnings };
}

/** Why the model cannot be asked that way here; empty when that goes without saying. */
function obstacleTo(kind: SchemaDialect, { capabilities, streaming, tools, jsonSchema }: DialectChoice): string | null {
  if (kind === "prompt") return null;
  if (jsonSchema === null && kind !== "json-mode") return "";
  if (tools && kind === "tool") return "the call has tools of its own";
  if (tools && !capabilities.schemaWithTools) return "this model does not take it together with tools";
  if (kind === "tool") return capabilities.tools && capabilities.forcedToolChoice ? null : "";
  if (kind !== "json-mode" && streaming && !capabilities.schemaWithStreaming) {
    return "this model does not take it together with streaming";
  }
  return null;
}

/** The schema in a dialect, or why it cannot be said in it. */
function express(kind: SchemaDialect, { jsonSchema, capabilities }: DialectChoice): Dialect | string {
  const wrap = wrapFor(kind, jsonSchema);
  if (jsonSchema === null) return { kind, schema: null, wrap, widened: false };
  if (kind !== "strict") return { kind, schema: wrapped(jsonSchema, wrap), wrap, widened: false };
  const strict = toStrictSchema(jsonSchema, capabilities.strictKeywords);
  return strict.ok ? { kind, schema: wrapped(strict.schema, wrap), wrap, widened: true } : strict.reason;
}

/** Only the prompt can ask for an array as the root; nothing but an object or an array is a good root. */
function wrapFor(kind: SchemaDialect, jsonSchema: JsonObject | null): string | null {
  if (jsonSchema === null) return null;
  const isUnion = jsonSchema.anyOf !== undefined || jsonSchema.oneOf !== undefined || jsonSchema.$ref !== undefined;
  const { root } = wantedShape(jsonSchema);
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
