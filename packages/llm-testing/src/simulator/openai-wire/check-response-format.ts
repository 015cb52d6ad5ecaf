import { isRecord, type JsonObject } from "@babylon/llm-core";
import type { SimulatedRequest } from "../answer/simulated-request.ts";
import type { Fields } from "../fields.ts";
import { RequestRefusedError } from "../simulated-refusal.ts";
import { onlyKnown, requiredObject, requiredString } from "./check-fields.ts";
import { mentions } from "./check-messages.ts";

/** The requested format of the answer. */
export interface AskedFormat {
  readonly format: SimulatedRequest["format"];
  /** `null` if no schema is requested. */
  readonly strict: boolean | null;
  readonly name: string;
}

/** Checks the common rules of `response_format`; each vendor checks schemas itself. */
export function checkResponseFormat(body: Fields, promptText: string): AskedFormat {
  if (body.response_format === undefined || body.response_format === null) {
    return { format: { type: "text" }, strict: null, name: "" };
  }
  const format = requiredObject(body.response_format, "response_format");
  const type = requiredString(format, "type", "response_format");
  switch (type) {
    case "text":
      return { format: { type: "text" }, strict: null, name: "" };
    case "json_object":
      if (!mentions(promptText, "json")) {
        const message =
          "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.";
        throw new RequestRefusedError("other", "messages", message);
      }
      return { format: { type: "json" }, strict: null, name: "" };
    case "json_schema":
      return readSchema(format);
    default: {
      const known = "'json_object', 'json_schema', and 'text'";
      throw new RequestRefusedError(
        "value",
        "response_format.type",
        `Invalid value: '${type}'. Supported values are: ${known}.`,
      );
    }
  }
}

function readSchema(format: Fields): AskedFormat {
  onlyKnown(format, new Set(["type", "json_schema"]), "response_format");
  const path = "response_format.json_schema";
  const jsonSchema = requiredObject(format.json_schema, path);
  onlyKnown(jsonSchema, new Set(["name", "description", "schema", "strict"]), path);
  const name = requiredString(jsonSchema, "name", path);
  if (!/^[a-zA-Z0-9_-]{1,64}$/.test(name)) {
    const message = `Invalid '${path}.name': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.`;
    throw new RequestRefusedError("value", `${path}.name`, message);
  }
  if (!isRecord(jsonSchema.schema)) {
    throw new RequestRefusedError("missing", `${path}.schema`, `Missing required parameter: '${path}.schema'.`);
  }
  // A parsed JSON object is a JsonObject.
  return {
    format: { type: "schema", schema: jsonSchema.schema as JsonObject },
    strict: jsonSchema.strict === true,
    name,
  };
}
