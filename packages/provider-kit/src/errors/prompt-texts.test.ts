import type { Message } from "@babylon/llm-core";
import { expect, test } from "vitest";
import { promptTexts } from "./prompt-texts.ts";

test("finds the texts of every kind of message and part", () => {
  const messages: Message[] = [
    { role: "system", content: "rules" },
    {
      role: "user",
      content: [
        { type: "text", text: "look" },
        { type: "image", url: "https://a.test/i.png" },
        { type: "image", url: "data:image/png;base64,iVBO" },
        { type: "image", data: "iVBO", mediaType: "image/png" },
        { type: "file", data: "JVBE", mediaType: "application/pdf" },
      ],
    },
    {
      role: "assistant",
      content: [
        { type: "reasoning", text: "hm" },
        { type: "text", text: "" },
        { type: "tool-call", id: "1", name: "f", input: { q: "x" } },
      ],
    },
    {
      role: "tool",
      content: [
        { type: "tool-result", toolCallId: "1", output: "plain" },
        { type: "tool-result", toolCallId: "2", output: [1] },
      ],
    },
  ];
  expect(promptTexts({ messages })).toEqual([
    "rules",
    "look",
    "https://a.test/i.png",
    "hm",
    '{"q":"x"}',
    "plain",
    "[1]",
  ]);
});
