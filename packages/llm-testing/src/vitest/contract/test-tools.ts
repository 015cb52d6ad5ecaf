import type { JsonObject, Message, ModelRequest, ModelResponse, Tool } from "@babylon/llm-core";
import { expect } from "vitest";
import type { ContractBench } from "./contract-bench.ts";

const inputSchema: JsonObject = {
  type: "object",
  properties: { at: { type: "string", enum: ["harbour", "senate"] } },
  required: ["at"],
  additionalProperties: false,
};

const TOOLS: Readonly<Record<string, Tool>> = {
  look_up: { description: "Looks something up.", inputSchema },
  buy_shares: { inputSchema, strict: true },
};

/** Tool calls and their answers. */
export function testTools(bench: ContractBench): void {
  const { test } = bench;
  const { tools, forcedToolChoice } = bench.provider().capabilities(bench.model);
  if (!tools) return;

  const ask = (content: string, fields: Partial<ModelRequest> = {}): ModelRequest =>
    bench.request({ messages: [{ role: "user", content }], tools: TOOLS, ...fields });

  test("returns the same tool calls streamed and as JSON", async () => {
    const streamed = await bench.collect(ask("Please look_up and buy_shares."));
    const whole = await bench.provider().generate(ask("Please look_up and buy_shares."), bench.context());
    expect(streamed.error).toBeNull();
    expect(streamed.response?.toolCalls).toEqual(whole.toolCalls);
    expect(whole.toolCalls.map(({ name }) => name)).toEqual(["look_up", "buy_shares"]);
    expect(whole.finishReason).toBe("tool-calls");
    for (const { id, inputText } of whole.toolCalls) {
      expect(id).not.toBe("");
      expect(JSON.parse(inputText)).toHaveProperty("at");
    }
    const calls = streamed.parts.filter((part) => part.type === "tool-call");
    expect(new Set(calls.map(({ index }) => index))).toEqual(new Set([0, 1]));
  });

  test("calls no tool with tool choice none", async () => {
    const response = await bench.provider().generate(ask("Please look_up.", { toolChoice: "none" }), bench.context());
    expect([response.toolCalls, response.finishReason]).toEqual([[], "stop"]);
  });

  if (forcedToolChoice) {
    test("calls a tool with tool choice required", async () => {
      for (const toolChoice of ["required", { tool: "buy_shares" }] as const) {
        const { error, response } = await bench.collect(ask("Hello.", { toolChoice }));
        expect(error).toBeNull();
        const expected = toolChoice === "required" ? "look_up" : "buy_shares";
        expect(response?.toolCalls.map(({ name }) => name)).toEqual([expected]);
      }
    });
  }

  test("passes invalid arguments on unchanged", async () => {
    bench.server.setFault({ kind: "answer", toolCalls: [{ name: "look_up", arguments: '{"at": "harb' }] });
    const { error, response } = await bench.collect(ask("Please look_up."));
    expect(error).toBeNull();
    expect(response?.toolCalls[0]?.inputText).toBe('{"at": "harb');
  });

  test("accepts its own answer with tool results, including the opaque data of its model", async () => {
    for (const transport of ["stream", "json"] as const) {
      const first = ask("Please look_up and buy_shares.");
      const response =
        transport === "json"
          ? await bench.provider().generate(first, bench.context())
          : (await bench.collect(first)).response;
      if (response === null) throw new Error("the first turn did not end");
      const messages: Message[] = [
        ...first.messages,
        toMessage(bench, response),
        resultsOf(response),
        { role: "user", content: "And now?" },
      ];
      const second = await bench.collect({ ...first, messages });
      expect(second.error).toBeNull();
      expect(second.response?.finishReason).toBe("stop");
    }
  });
}

/** The assistant message that core creates from an answer. */
function toMessage(bench: ContractBench, response: ModelResponse): Message {
  const origin = { provider: bench.provider().id, model: bench.model };
  return {
    role: "assistant",
    content: [
      ...response.reasoning.map((part) => ({ type: "reasoning", origin, ...part }) as const),
      ...(response.text === "" ? [] : [{ type: "text", text: response.text } as const]),
      ...response.toolCalls.map(
        ({ id, name, inputText }) => ({ type: "tool-call", id, name, input: JSON.parse(inputText) }) as const,
      ),
    ],
  };
}

const resultsOf = ({ toolCalls }: ModelResponse): Message => ({
  role: "tool",
  content: toolCalls.map(({ id, name }, index) => ({
    type: "tool-result",
    toolCallId: id,
    toolName: name,
    output: index === 0 ? { found: 3 } : "nothing",
    isError: index !== 0,
  })),
});
