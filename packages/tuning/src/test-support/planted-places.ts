import type { CallRecord, JsonValue, Message, Tool } from "@babylon/llm-core";
import { chatRecord, contentOf } from "./chat-record.ts";

const schemaWith = (property: object): Tool["inputSchema"] =>
  ({ type: "object", properties: { at: property } }) as Tool["inputSchema"];
const toolWith = (name: string, more: Partial<Tool> = {}): Readonly<Record<string, Tool>> => ({
  [name]: { description: "Looks.", inputSchema: schemaWith({ type: "string" }), ...more },
});

const ask: Message = { role: "user", content: "what is in the east?" };
const called = (id: string, name: string, input: JsonValue): Message => ({
  role: "assistant",
  content: [{ type: "tool-call", id, name, input }],
});
const returned = (toolCallId: string, output: JsonValue): Message => ({
  role: "tool",
  content: [{ type: "tool-result", toolCallId, output }],
});

const conversation = (...messages: readonly Message[]): CallRecord => chatRecord("p", contentOf(messages, "The sea."));
const answered = (id: string, name: string, input: JsonValue): CallRecord =>
  chatRecord(
    "p",
    contentOf([ask], "", { toolCalls: [{ id, name, input, rawInput: JSON.stringify(input), invalid: null }] }),
    { finishReason: "tool-calls" },
  );
const offered = (tools: Readonly<Record<string, Tool>>): CallRecord =>
  chatRecord("p", contentOf([ask], "The sea.", { requests: [{ messages: [], tools }] }));

/** Each place of a record that a text may be in, with a record that has it there. */
export const PLACES: readonly (readonly [place: string, recordWith: (text: string) => CallRecord])[] = [
  ["the system message", (text) => conversation({ role: "system", content: `Be brief. ${text}` }, ask)],
  ["the prompt", (text) => conversation({ role: "user", content: `say ${text}!` })],
  [
    "two parts of a prompt",
    (text) =>
      conversation({
        role: "user",
        content: [text.slice(0, 9), text.slice(9)].map((part) => ({ type: "text" as const, text: part })),
      }),
  ],
  ["an earlier answer", (text) => conversation(ask, { role: "assistant", content: text }, ask)],
  [
    "earlier reasoning",
    (text) =>
      conversation(
        ask,
        {
          role: "assistant",
          content: [
            { type: "reasoning", text },
            { type: "text", text: "x" },
          ],
        },
        ask,
      ),
  ],
  ["the answer", (text) => chatRecord("p", contentOf([ask], `The sea: ${text}`))],
  ["the reasoning", (text) => chatRecord("p", contentOf([ask], "The sea.", { reasoning: text }))],
  ["the id of a tool call", (text) => answered(text, "look", {})],
  ["the name of a tool call", (text) => answered("t", text, {})],
  ["an argument", (text) => answered("t", "look", { at: text })],
  ["an argument, as a part", (text) => answered("t", "look", { deep: [{ note: `see ${text}.` }] })],
  ["the name of an argument", (text) => answered("t", "look", { [text]: 1 })],
  ["JSON within an argument", (text) => answered("t", "look", { body: JSON.stringify({ note: `\n${text}` }) })],
  ["the id of an earlier call", (text) => conversation(ask, called(text, "look", {}), returned(text, "sea"))],
  ["the name of an earlier call", (text) => conversation(ask, called("t", text, {}), returned("t", "sea"))],
  ["an earlier argument", (text) => conversation(ask, called("t", "look", { at: [text] }), returned("t", "sea"))],
  ["the output of a tool", (text) => conversation(ask, called("t", "look", {}), returned("t", text))],
  ["a value of an output", (text) => conversation(ask, called("t", "look", {}), returned("t", { rows: [text] }))],
  ["a name in an output", (text) => conversation(ask, called("t", "look", {}), returned("t", { [text]: { x: 1 } }))],
  ["the name of a tool", (text) => offered(toolWith(text))],
  ["the description of a tool", (text) => offered(toolWith("look", { description: `Looks. ${text}` }))],
  ["the schema of a tool", (text) => offered(toolWith("look", { inputSchema: schemaWith({ default: text }) }))],
  ["a name in a schema", (text) => offered(toolWith("look", { inputSchema: schemaWith({ [text]: {} }) }))],
  ["the metadata", (text) => ({ ...conversation(ask), metadata: { episode: text, [text]: "x" } })],
  ["the agent", (text) => ({ ...conversation(ask), agent: text })],
  ["the id of the call", (text) => ({ ...conversation(ask), callId: text })],
  ["the tenant and the purpose", (text) => ({ ...conversation(ask), tenant: text, purpose: text })],
  ["the model", (text) => ({ ...conversation(ask), model: text, responseId: text })],
];
