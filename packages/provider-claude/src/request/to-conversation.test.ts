import { isLLMError, type Message, type ReasoningPart } from "@babylon/llm-core";
import { expect, test } from "vitest";
import { errorOf } from "../test-support/reply-source.ts";
import { toConversation } from "./to-conversation.ts";

const LINK = { provider: "claude", model: "claude-sonnet-5-5" };
const MARK = { cache_control: { type: "ephemeral" } };
const MARKED = { claude: { body: MARK }, openai: { body: { other: true } } };
const text = (words: string) => ({ type: "text", text: words });

interface Row {
  readonly name: string;
  readonly messages: readonly Message[];
  readonly system?: unknown;
  readonly expected: readonly { readonly role: string; readonly content: readonly unknown[] }[];
}

const thought = (more: Partial<ReasoningPart>): ReasoningPart => ({
  type: "reasoning",
  text: "Hm.",
  origin: LINK,
  data: { signature: "sig" },
  ...more,
});

const ROWS: readonly Row[] = [
  {
    name: "a prompt",
    messages: [{ role: "user", content: "Hi" }],
    expected: [{ role: "user", content: [text("Hi")] }],
  },
  {
    name: "system messages anywhere are joined in order",
    messages: [
      { role: "system", content: "Be brief." },
      { role: "user", content: "Hi" },
      { role: "system", content: [{ type: "text", text: "Be kind." }] },
    ],
    system: "Be brief.\n\nBe kind.",
    expected: [{ role: "user", content: [text("Hi")] }],
  },
  {
    name: "a marked system text stays a block",
    messages: [
      { role: "system", content: "Rules", providerOptions: MARKED },
      { role: "system", content: "More" },
      { role: "user", content: "Hi" },
    ],
    system: [{ ...text("Rules"), ...MARK }, text("More")],
    expected: [{ role: "user", content: [text("Hi")] }],
  },
  {
    name: "consecutive messages of one role become one turn, tool results first",
    messages: [
      { role: "user", content: "Weather?" },
      {
        role: "assistant",
        content: [
          { type: "text", text: "Let me look." },
          { type: "tool-call", id: "toolu_1", name: "get_weather", input: { city: "Bern" } },
          { type: "tool-call", id: "toolu_2", name: "get_time", input: null },
        ],
      },
      { role: "tool", content: [{ type: "tool-result", toolCallId: "toolu_1", output: { rain: true } }] },
      { role: "tool", content: [{ type: "tool-result", toolCallId: "toolu_2", output: "no clock", isError: true }] },
      { role: "user", content: "Thanks" },
    ],
    expected: [
      { role: "user", content: [text("Weather?")] },
      {
        role: "assistant",
        content: [
          text("Let me look."),
          { type: "tool_use", id: "toolu_1", name: "get_weather", input: { city: "Bern" } },
          { type: "tool_use", id: "toolu_2", name: "get_time", input: {} },
        ],
      },
      {
        role: "user",
        content: [
          { type: "tool_result", tool_use_id: "toolu_1", content: '{"rain":true}' },
          { type: "tool_result", tool_use_id: "toolu_2", content: "no clock", is_error: true },
          text("Thanks"),
        ],
      },
    ],
  },
  {
    name: "ids of other vendors are made valid, in calls and results",
    messages: [
      { role: "user", content: "Weather?" },
      { role: "assistant", content: [{ type: "tool-call", id: "functions.get:0", name: "get", input: {} }] },
      { role: "tool", content: [{ type: "tool-result", toolCallId: "functions.get:0", output: "dry" }] },
    ],
    expected: [
      { role: "user", content: [text("Weather?")] },
      { role: "assistant", content: [{ type: "tool_use", id: "functions_get_0", name: "get", input: {} }] },
      { role: "user", content: [{ type: "tool_result", tool_use_id: "functions_get_0", content: "dry" }] },
    ],
  },
  {
    name: "own reasoning is sent back unchanged, also without its text",
    messages: [
      { role: "user", content: "2+2?" },
      {
        role: "assistant",
        content: [
          thought({}),
          thought({ text: "" }),
          thought({ text: "", data: { redacted: "opaque" } }),
          { type: "text", text: "4" },
        ],
      },
      { role: "user", content: "Sure?" },
    ],
    expected: [
      { role: "user", content: [text("2+2?")] },
      {
        role: "assistant",
        content: [
          { type: "thinking", thinking: "Hm.", signature: "sig" },
          { type: "thinking", thinking: "", signature: "sig" },
          { type: "redacted_thinking", data: "opaque" },
          text("4"),
        ],
      },
      { role: "user", content: [text("Sure?")] },
    ],
  },
  {
    name: "reasoning of other origins is omitted, with turns that contain nothing else",
    messages: [
      { role: "user", content: "2+2?" },
      {
        role: "assistant",
        content: [
          thought({ origin: { provider: "claude", model: "claude-haiku-5-5" } }),
          thought({ origin: { provider: "wandb", model: "claude-sonnet-5-5" } }),
          { type: "reasoning", text: "Hm.", data: { signature: "sig" } },
          thought({ data: {} }),
          { type: "reasoning", text: "Hm.", origin: LINK },
        ],
      },
      { role: "user", content: "Well?" },
    ],
    expected: [{ role: "user", content: [text("2+2?"), text("Well?")] }],
  },
  {
    name: "options of parts apply to their blocks, those of a message to its last block; those of other providers are ignored",
    messages: [
      {
        role: "user",
        content: [
          { type: "text", text: "one", providerOptions: MARKED },
          { type: "text", text: "two" },
        ],
        providerOptions: { claude: { body: { cache_control: { type: "ephemeral", ttl: "1h" } } } },
      },
    ],
    expected: [
      {
        role: "user",
        content: [
          { ...text("one"), ...MARK },
          { ...text("two"), cache_control: { type: "ephemeral", ttl: "1h" } },
        ],
      },
    ],
  },
  {
    name: "images by URL, by data URL and as data",
    messages: [
      {
        role: "user",
        content: [
          { type: "image", url: "https://example.com/a.png" },
          { type: "image", url: "data:image/png;base64,QUJD" },
          { type: "image", url: "data:image/png;name=a.png;base64,QUJD" },
          { type: "image", data: "QUJD", mediaType: "image/webp" },
        ],
      },
    ],
    expected: [
      {
        role: "user",
        content: [
          { type: "image", source: { type: "url", url: "https://example.com/a.png" } },
          { type: "image", source: { type: "base64", media_type: "image/png", data: "QUJD" } },
          { type: "image", source: { type: "base64", media_type: "image/png", data: "QUJD" } },
          { type: "image", source: { type: "base64", media_type: "image/webp", data: "QUJD" } },
        ],
      },
    ],
  },
  {
    name: "PDFs unchanged, texts as text",
    messages: [
      {
        role: "user",
        content: [
          { type: "file", data: "JVBERi0=", mediaType: "application/pdf", filename: "a.pdf" },
          { type: "file", data: "R3LDvGV6aQ==", mediaType: "text/markdown" },
        ],
      },
    ],
    expected: [
      {
        role: "user",
        content: [
          {
            type: "document",
            source: { type: "base64", media_type: "application/pdf", data: "JVBERi0=" },
            title: "a.pdf",
          },
          { type: "document", source: { type: "text", media_type: "text/plain", data: "Grüezi" } },
        ],
      },
    ],
  },
  {
    name: "empty texts are omitted",
    messages: [
      { role: "user", content: "Hi" },
      { role: "assistant", content: "" },
      {
        role: "user",
        content: [
          { type: "text", text: "" },
          { type: "text", text: "there" },
        ],
      },
    ],
    expected: [{ role: "user", content: [text("Hi"), text("there")] }],
  },
  {
    name: "a conversation that starts with the assistant gets the required user turn",
    messages: [
      { role: "assistant", content: "Welcome." },
      { role: "user", content: "Hi" },
    ],
    expected: [
      { role: "user", content: [text("(The assistant begins the conversation.)")] },
      { role: "assistant", content: [text("Welcome.")] },
      { role: "user", content: [text("Hi")] },
    ],
  },
  {
    name: "so does a conversation of instructions only",
    messages: [{ role: "system", content: "Say hello." }],
    system: "Say hello.",
    expected: [{ role: "user", content: [text("(The assistant begins the conversation.)")] }],
  },
  {
    name: "texts of only white space are omitted in any turn",
    messages: [
      { role: "system", content: "\n" },
      {
        role: "user",
        content: [
          { type: "text", text: "\u00a0\t" },
          { type: "text", text: "Hi" },
        ],
      },
      { role: "assistant", content: " " },
      { role: "user", content: "Again" },
    ],
    expected: [{ role: "user", content: [text("Hi"), text("Again")] }],
  },
  {
    name: "opaque blocks are sent back unchanged and in order, to their own model",
    messages: [
      { role: "user", content: "Hi" },
      {
        role: "assistant",
        content: [
          { type: "reasoning", text: "", origin: LINK, data: { block: { type: "server_tool_use", id: "s" } } },
          { type: "text", text: "It rains." },
          {
            type: "reasoning",
            text: "",
            origin: { ...LINK, model: "other" },
            data: { block: { type: "server_tool_use", id: "z" } },
          },
        ],
      },
      { role: "user", content: "And?" },
    ],
    expected: [
      { role: "user", content: [text("Hi")] },
      { role: "assistant", content: [{ type: "server_tool_use", id: "s" }, text("It rains.")] },
      { role: "user", content: [text("And?")] },
    ],
  },
  {
    name: "text files are sent as text, images as images",
    messages: [
      {
        role: "user",
        content: [
          { type: "file", data: btoa("{}"), mediaType: "application/json" },
          { type: "file", data: "R0lGOD", mediaType: "image/jpg" },
        ],
      },
    ],
    expected: [
      {
        role: "user",
        content: [
          { type: "document", source: { type: "text", media_type: "text/plain", data: "{}" } },
          { type: "image", source: { type: "base64", media_type: "image/gif", data: "R0lGOD" } },
        ],
      },
    ],
  },
  {
    name: "a prefill is trimmed at its end",
    messages: [
      { role: "user", content: "Count" },
      { role: "assistant", content: "one, two, \n" },
    ],
    expected: [
      { role: "user", content: [text("Count")] },
      { role: "assistant", content: [text("one, two,")] },
    ],
  },
  {
    name: "a prefill of only white space is omitted",
    messages: [
      { role: "user", content: "Count" },
      { role: "assistant", content: " \n" },
    ],
    expected: [{ role: "user", content: [text("Count")] }],
  },
];

test.each(ROWS)("$name", ({ messages, system = null, expected }) => {
  expect(toConversation(messages, LINK)).toEqual({ system, messages: expected });
});

test.each([
  ["a spreadsheet", { type: "file", data: "QUJD", mediaType: "application/vnd.ms-excel" }],
  ["a text file that is not base64", { type: "file", data: "%%%", mediaType: "text/plain" }],
  ["an image of an unsupported type", { type: "image", url: "data:image/svg+xml,%3Csvg/%3E" }],
] as const)("%s is not supported and falls back to the next link", (_name, part) => {
  const error = errorOf(() => toConversation([{ role: "user", content: [part] }], LINK));
  expect(isLLMError(error, "unsupported")).toBe(true);
  expect(error).toMatchObject({ provider: "claude", model: "claude-sonnet-5-5", fallback: true, retryable: false });
});
