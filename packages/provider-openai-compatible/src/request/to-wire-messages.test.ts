import type { Message } from "@babylon/llm-core";
import { expect, test } from "vitest";
import { toWireMessages } from "./to-wire-messages.ts";

type Wire = Parameters<typeof toWireMessages>[1]["wire"];
const PLAIN: Wire = { instructionRole: "system", reasoningBack: null, maxToolIdLength: null };

const ORIGIN = { provider: "acme", model: "m" };

test.each<[string, Message, object[], Wire?]>([
  ["a system message", { role: "system", content: "Rules" }, [{ role: "system", content: "Rules" }]],
  [
    "instructions of a reasoning model",
    { role: "system", content: [{ type: "text", text: "Rules" }] },
    [{ role: "developer", content: "Rules" }],
    { ...PLAIN, instructionRole: "developer" },
  ],
  [
    "data that a vendor attached to a call and to reasoning",
    {
      role: "assistant",
      content: [
        { type: "reasoning", text: "hm", origin: ORIGIN, data: { reasoning_details: [{ type: "x", data: "y" }] } },
        {
          type: "tool-call",
          id: "t",
          name: "f",
          input: {},
          origin: ORIGIN,
          data: {
            extra_content: { google: { thought_signature: "s" } },
            function: { strict: true, name: "reasoning of another origin" },
          },
        },
      ],
    },
    [
      {
        role: "assistant",
        content: null,
        reasoning_details: [{ type: "x", data: "y" }],
        tool_calls: [
          {
            id: "t",
            type: "function",
            function: { strict: true, name: "f", arguments: "{}" },
            extra_content: { google: { thought_signature: "s" } },
          },
        ],
      },
    ],
  ],
  ["a user message", { role: "user", content: "Hi" }, [{ role: "user", content: "Hi" }]],
  ["a single text part", { role: "user", content: [{ type: "text", text: "Hi" }] }, [{ role: "user", content: "Hi" }]],
  ["no parts", { role: "user", content: [] }, [{ role: "user", content: "" }]],
  [
    "images and files",
    {
      role: "user",
      content: [
        { type: "text", text: "See" },
        { type: "image", url: "https://a.test/i.png" },
        { type: "image", data: "iVBO", mediaType: "image/png" },
        { type: "file", data: "JVBE", mediaType: "application/pdf", filename: "a.pdf" },
        { type: "file", data: "JVBE", mediaType: "application/pdf" },
      ],
    },
    [
      {
        role: "user",
        content: [
          { type: "text", text: "See" },
          { type: "image_url", image_url: { url: "https://a.test/i.png" } },
          { type: "image_url", image_url: { url: "data:image/png;base64,iVBO" } },
          { type: "file", file: { filename: "a.pdf", file_data: "data:application/pdf;base64,JVBE" } },
          { type: "file", file: { filename: "file.pdf", file_data: "data:application/pdf;base64,JVBE" } },
        ],
      },
    ],
  ],
  ["an assistant's text", { role: "assistant", content: "Aye" }, [{ role: "assistant", content: "Aye" }]],
  [
    "an assistant's parts without reasoning",
    {
      role: "assistant",
      content: [
        { type: "reasoning", text: "hm", origin: ORIGIN },
        { type: "text", text: "A" },
        { type: "text", text: "ye" },
      ],
    },
    [{ role: "assistant", content: "Aye" }],
  ],
  [
    "reasoning if it may be sent back",
    {
      role: "assistant",
      content: [
        { type: "reasoning", text: "hm", origin: ORIGIN },
        { type: "tool-call", id: "1", name: "f", input: { q: "x" } },
      ],
    },
    [
      {
        role: "assistant",
        content: null,
        tool_calls: [{ id: "1", type: "function", function: { name: "f", arguments: '{"q":"x"}' } }],
        reasoning: "hm",
      },
    ],
    { ...PLAIN, reasoningBack: "reasoning" },
  ],
  [
    "tool results, each as a message",
    {
      role: "tool",
      content: [
        { type: "tool-result", toolCallId: "1", output: "plain" },
        { type: "tool-result", toolCallId: "2", output: { n: 1 } },
        { type: "tool-result", toolCallId: "3", output: "no such market", isError: true },
      ],
    },
    [
      { role: "tool", tool_call_id: "1", content: "plain" },
      { role: "tool", tool_call_id: "2", content: '{"n":1}' },
      { role: "tool", tool_call_id: "3", content: "Error: no such market" },
    ],
  ],
])("%s", (_, message, expected, wire = PLAIN) => {
  expect(toWireMessages([message], { provider: "acme", wire })).toEqual(expected);
});

test("the fields of this provider's options are merged, those of another are not", () => {
  const own = { acme: { body: { cache: true } }, other: { body: { secret: 1 } } };
  const messages: Message[] = [
    { role: "system", content: "Rules", providerOptions: own },
    { role: "user", content: [{ type: "text", text: "Hi", providerOptions: own }] },
    {
      role: "assistant",
      content: [
        { type: "text", text: "A", providerOptions: own },
        { type: "tool-call", id: "1", name: "f", input: null, providerOptions: own },
      ],
    },
    { role: "tool", content: [{ type: "tool-result", toolCallId: "1", output: "x", providerOptions: own }] },
  ];
  expect(toWireMessages(messages, { provider: "acme", wire: PLAIN })).toEqual([
    { role: "system", content: "Rules", cache: true },
    { role: "user", content: [{ type: "text", text: "Hi", cache: true }] },
    {
      role: "assistant",
      content: "A",
      tool_calls: [{ id: "1", type: "function", function: { name: "f", arguments: "null" }, cache: true }],
      cache: true,
    },
    { role: "tool", tool_call_id: "1", content: "x", cache: true },
  ]);
});
