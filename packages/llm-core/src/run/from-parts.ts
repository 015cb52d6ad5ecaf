import type { JsonObject } from "../contract/json.ts";
import type { ModelResponse, StreamPart } from "../contract/model-answer.ts";
import { UNKNOWN_USAGE } from "../contract/usage.ts";

interface Text {
  readonly type: "text";
  text: string;
}

interface Reasoning {
  readonly type: "reasoning";
  text: string;
  data?: JsonObject;
}

interface Call {
  readonly type: "tool-call";
  readonly id: string;
  readonly name: string;
  inputText: string;
}

/** Builds the complete answer from the parts of a stream; `null` without a finish part. */
export function fromParts(parts: readonly StreamPart[]): ModelResponse | null {
  const blocks: (Text | Reasoning | Call)[] = [];
  const calls = new Map<number, Call>();
  let open: Reasoning | null = null;
  let usage = UNKNOWN_USAGE;

  function addText(text: string): void {
    const last = blocks.at(-1);
    if (last?.type === "text") last.text += text;
    else if (text !== "") blocks.push({ type: "text", text });
  }

  function addReasoning({ text, data }: StreamPart & { readonly type: "reasoning" }): void {
    const goesOn = open !== null && (text === "" || blocks.at(-1) === open);
    const block: Reasoning = goesOn && open !== null ? open : { type: "reasoning", text: "" };
    if (!goesOn) blocks.push(block);
    block.text += text;
    if (data !== undefined) block.data = data;
    open = data === undefined ? block : null;
  }

  function addCall({ index, id = "", name = "", inputText }: StreamPart & { readonly type: "tool-call" }): void {
    const call = calls.get(index);
    if (call !== undefined) {
      call.inputText += inputText;
      return;
    }
    const begun: Call = { type: "tool-call", id, name, inputText };
    calls.set(index, begun);
    blocks.push(begun);
  }

  for (const part of parts) {
    if (part.type === "text") addText(part.text);
    else if (part.type === "reasoning") addReasoning(part);
    else if (part.type === "tool-call") addCall(part);
    else if (part.type === "usage") usage = part.usage;
    else {
      const { type: _, ...finish } = part;
      return { ...ofBlocks(blocks), ...finish, usage };
    }
  }
  return null;
}

/** The blocks of an answer in order, and grouped by kind. */
export function ofBlocks(
  blocks: NonNullable<ModelResponse["blocks"]>,
): Required<Pick<ModelResponse, "blocks" | "text" | "reasoning" | "toolCalls">> {
  return {
    blocks,
    text: blocks.map((block) => (block.type === "text" ? block.text : "")).join(""),
    reasoning: blocks.flatMap((block) => (block.type === "reasoning" ? withoutType(block) : [])),
    toolCalls: blocks.flatMap((block) => (block.type === "tool-call" ? withoutType(block) : [])),
  };
}

function withoutType<T extends { readonly type: string }>({ type: _, ...rest }: T): Omit<T, "type"> {
  return rest;
}
