import type { JsonObject } from "@babylon/llm-core";
import { describe, expect, it } from "vitest";
import { refusedPart, withoutFields } from "./refused-part.ts";

const CHAT: JsonObject = {
  model: "m",
  messages: [],
  stream: true,
  temperature: 1,
  seed: 7,
  stop: ["x"],
  reasoning_effort: "low",
  stream_options: { include_usage: true },
  response_format: { type: "json_schema", json_schema: { name: "answer", strict: true, schema: {} } },
};
const CLAUDE: JsonObject = {
  model: "m",
  messages: [],
  stream: true,
  output_config: { effort: "low", format: { type: "json_schema", schema: {} } },
  thinking: { type: "disabled" },
};
const TOOL: JsonObject = { model: "m", messages: [], tools: [{}], tool_choice: { type: "tool", name: "answer" } };
const saying = (message: string, param: string | null = null) => ({ error: { message, param } });

describe("the part that a vendor rejected:", () => {
  it.each<[string, JsonObject, string, string | null, string | null]>([
    [
      "strict mode",
      CHAT,
      "Invalid schema for response_format: strict mode is not available",
      null,
      "strict response_format",
    ],
    [
      "the content of the schema",
      CHAT,
      "Invalid schema for response_format 'answer': In context=.properties.url, 'uri' is not a valid format.",
      "response_format",
      "strict response_format",
    ],
    [
      "a keyword",
      CHAT,
      "Invalid JSON schema: regex lookaround is not supported. Found at $.pattern.",
      null,
      "strict response_format",
    ],
    ["DeepSeek's type", CHAT, "This response_format type is unavailable now", null, "schema response_format"],
    [
      "LM Studio's type",
      CHAT,
      "'response_format.type' must be 'text' or 'json_object'",
      null,
      "schema response_format",
    ],
    ["any format", CHAT, "'response_format' is not supported by this model", null, "format response_format"],
    [
      "an unknown format",
      CHAT,
      "Unrecognized request argument supplied: response_format",
      null,
      "format response_format",
    ],
    ["a grammar", CHAT, "Failed to compile the grammar", null, "strict response_format"],
    [
      "a temperature, by its param",
      CHAT,
      "Only the default (1) value is supported.",
      "temperature",
      "field temperature",
    ],
    [
      "a temperature, by the message",
      CHAT,
      "Unsupported value: 'temperature' does not support 1.",
      null,
      "field temperature",
    ],
    [
      "an option of streams",
      CHAT,
      "Unrecognized request argument supplied: stream_options",
      null,
      "field stream_options",
    ],
    ["an effort", CHAT, "reasoning_effort is not supported with this model", null, "field reasoning_effort"],
    [
      "a quoted word of the text",
      CHAT,
      "Unsupported parameter: 'stop' is not supported with this model.",
      null,
      "field stop",
    ],
    ["a word of the text", CHAT, "You must stop asking", null, null],
    ["a field that was not sent", CHAT, "'top_p' is not supported", null, null],
    ["a message", CHAT, "messages.1: temperature must be text", null, null],
    ["the model", CHAT, "The model does not exist", "model", null],
    [
      "Claude's schema",
      CLAUDE,
      "output_config.format.schema: For 'object' type, 'additionalProperties' must be set",
      null,
      "strict output_config.format",
    ],
    [
      "Claude's limits of a schema",
      CLAUDE,
      "Schemas contains too many parameters with union types (17 parameters)",
      null,
      "strict output_config.format",
    ],
    [
      "Claude's formats",
      CLAUDE,
      "output_config.format: Extra inputs are not permitted",
      null,
      "format output_config.format",
    ],
    ["Claude's effort", CLAUDE, "output_config.effort: Input should be 'low'", null, "field output_config.effort"],
    ["Claude's thinking", CLAUDE, "thinking.type: Input should be 'adaptive'", null, "field thinking.type"],
    [
      "Claude's thinking of an earlier turn",
      CLAUDE,
      "messages.1.content.0: `thinking` blocks cannot be modified",
      null,
      null,
    ],
    ["a forced tool", TOOL, "tool_choice 'answer' is not supported by this model", null, "tool tool_choice"],
    ["the schema of a tool", TOOL, "tools.0.custom.input_schema: JSON schema is invalid", null, "tool tool_choice"],
    ["strictness of a tool", TOOL, "tools.0.custom.strict: Extra inputs are not permitted", null, "field tools.strict"],
    ["something else", CHAT, "Please try again", null, null],
  ])("%s", (_, sent, message, param, expected) => {
    const refused = refusedPart(sent, saying(message, param), message);
    expect(refused === null ? null : `${refused.kind} ${refused.field}`).toBe(expected);
  });

  it("FastAPI's location is recognized", () => {
    const body = {
      detail: [{ loc: ["body", "seed"], msg: "Extra inputs are not permitted", type: "extra_forbidden" }],
    };
    expect(refusedPart(CHAT, body, "seed: Extra inputs are not permitted")).toEqual({ kind: "field", field: "seed" });
  });
});

it("required fields stay in the body without the rejected part", () => {
  expect(withoutFields(CLAUDE, ["output_config.effort", "thinking.type", "model", "absent"])).toEqual({
    model: "m",
    messages: [],
    stream: true,
    output_config: { format: { type: "json_schema", schema: {} } },
  });
});

it("tools without strict are otherwise unchanged", () => {
  const tools = [
    { name: "a", strict: true },
    { type: "function", function: { name: "b", strict: true } },
  ];
  expect(withoutFields({ tools }, ["tools.strict"])).toEqual({
    tools: [{ name: "a" }, { type: "function", function: { name: "b" } }],
  });
});
