import { isRecord, type JsonObject, type JsonValue, type RefusedPart } from "@babylon/llm-core";
import { arrayField, fieldOf, stringField } from "../read-field.ts";

/** Fields that are required, or that decide how the reply is read. */
const ESSENTIAL: ReadonlySet<string> = new Set([
  "model",
  "messages",
  "system",
  "stream",
  "tools",
  "tool_choice",
  "input",
]);

/** The fields of both wires that hold the format of the answer. */
const FORMATS = ["response_format", "output_config.format", "output_format"] as const;

/** Field names that are also common words: they count only in quotation marks. */
const PROSE: ReadonlySet<string> = new Set(["stop", "seed", "user", "n", "store", "metadata", "thinking"]);

const ABOUT_FORMAT =
  /schema|response_?format|output_(?:config|format)|json[ _]?(?:mode|object|schema)|structured[ _]?output|grammar|guided|\bstrict\b|regex|\bpattern\b|additionalProperties/i;

/** Matches messages that refuse any format. */
const NO_FORMAT =
  /(?:response_?format|output_(?:config\.)?format|json mode|structured outputs?)['"`]?[^.]{0,40}?(?:(?:is|are)? ?(?:not|n't) (?:yet )?(?:supported|available|allowed|permitted|recognized|implemented)|unsupported|unavailable)|(?:unknown|unrecognized|unsupported|unexpected|extra)[^.]{0,40}['"`]?(?:response_?format|output_(?:config\.)?format)['"`]?(?![.\w])|not permitted/i;

/** Matches messages that refuse schemas, but not necessarily JSON mode. */
const NO_SCHEMA =
  /json_schema['"`]?[^.]{0,40}(?:not|un)[ -]?(?:supported|available|allowed|implemented|recognized)|response_?format(?:['"`]?\.|['"`]? )type\b|must be (?:one of )?['"`]?(?:text|json_object)/i;

/**
 * Finds the part of a request that a vendor refused: by `param`, by FastAPI's `loc`, by the path at the start of the message, or by a field
 * name in the message. Only fields that were sent and are optional count. `null` when the error is about something else.
 *
 * @param sent - the body of the request
 * @param message - the vendor's message
 */
export function refusedPart(sent: JsonObject, body: unknown, message: string): RefusedPart | null {
  const path = pathIn(body) ?? pathOf(message);
  const format = FORMATS.find((name) => valueAt(sent, name) !== undefined);
  const root = path?.split(".", 1)[0] ?? null;
  const aboutTools =
    root === "tools" || root === "tool_choice" || /\btool_choice\b|\bfunctions?\b|\btools?\b/i.test(message);
  if (root === "tools" && isToolStrict(path ?? "", message)) return { kind: "field", field: TOOL_STRICT };
  if (format === undefined && aboutTools && sent.tools !== undefined) return { kind: "tool", field: "tool_choice" };
  if (root !== null && ESSENTIAL.has(root)) return null;
  const field = fieldNamed(sent, path, message);
  const isFormat = field !== null && FORMATS.some((name) => isWithin(field, name) || isWithin(name, field));
  if (format !== undefined && (isFormat || (field === null && ABOUT_FORMAT.test(message)))) {
    return { kind: kindOfFormat(message), field: format };
  }
  return field === null || isFormat ? null : { kind: "field", field };
}

/** The one optional field of a tool that is sent. */
const TOOL_STRICT = "tools.strict";

const isToolStrict = (path: string, message: string): boolean =>
  /\.strict$/.test(path) || (/\bstrict\b/.test(message) && !/schema/i.test(message));

const isWithin = (path: string, name: string): boolean => path === name || path.startsWith(`${name}.`);

function kindOfFormat(message: string): RefusedPart["kind"] {
  if (/\bstrict\b/i.test(message)) return "strict";
  if (NO_SCHEMA.test(message)) return "schema";
  return NO_FORMAT.test(message) ? "format" : "strict";
}

/** The path in a structured error: `temperature`, `output_config.effort`. */
function pathIn(body: unknown): string | null {
  const param = stringField(fieldOf(body, "error"), "param") ?? stringField(body, "param");
  if (param !== null && param !== "None") return plainPath(param);
  const loc = arrayField(arrayField(body, "detail")[0], "loc").filter((step) => typeof step === "string");
  const steps = loc[0] === "body" ? loc.slice(1) : loc;
  return steps.length === 0 ? null : plainPath(steps.join("."));
}

/** Anthropic's messages begin with the path. */
function pathOf(message: string): string | null {
  const [, path] = /^([a-z][a-z0-9_]*(?:[.[][\w\]]+)*): /i.exec(message) ?? [];
  return path === undefined ? null : plainPath(path);
}

const plainPath = (path: string): string => path.replaceAll("[", ".").replaceAll("]", "");

/** The optional field that is named; for a field with members, the member. */
function fieldNamed(sent: JsonObject, path: string | null, message: string): string | null {
  const names = Object.keys(sent).flatMap((name) => {
    const value = sent[name];
    return ESSENTIAL.has(name)
      ? []
      : [...(isRecord(value) ? Object.keys(value).map((below) => `${name}.${below}`) : []), name];
  });
  if (path !== null) return names.find((name) => isWithin(path, name)) ?? null;
  return names.find((name) => isNamed(name, message)) ?? null;
}

function isNamed(name: string, message: string): boolean {
  const word = name.replace(/\W/g, "\\$&");
  const pattern = PROSE.has(name) || name.length < 5 ? `['"\`]${word}['"\`]` : `(?<![\\w.])${word}(?![\\w])`;
  return new RegExp(pattern).test(message);
}

function valueAt(body: JsonObject, path: string): unknown {
  return path.split(".").reduce<unknown>((value, step) => fieldOf(value, step), body);
}

/** Removes refused fields from a body. A path such as `output_config.effort` removes a member. */
export function withoutFields(body: JsonObject, refused: readonly string[] = []): JsonObject {
  return refused.reduce(withoutField, body);
}

function withoutField(body: JsonObject, path: string): JsonObject {
  if (path === TOOL_STRICT) return Array.isArray(body.tools) ? { ...body, tools: body.tools.map(withoutStrict) } : body;
  const [name = "", ...below] = path.split(".");
  const { [name]: value, ...rest } = body;
  if (ESSENTIAL.has(name) || value === undefined) return body;
  if (below.length === 0) return rest;
  if (!isObject(value)) return body;
  const inner = withoutField(value, below.join("."));
  return Object.keys(inner).length === 0 ? rest : { ...body, [name]: inner };
}

const isObject = (value: JsonValue | undefined): value is JsonObject => isRecord(value);

function withoutStrict(tool: JsonValue): JsonValue {
  if (!isObject(tool)) return tool;
  const { strict: _, ...rest } = tool;
  return isObject(rest.function) ? { ...rest, function: withoutStrict(rest.function) } : rest;
}
