import type { JsonObject, StreamPart } from "@babylon/llm-core";
import { fieldOf, responseError, stringField } from "@babylon/provider-kit";
import type { ReplySource } from "./reply-source.ts";

/** Turns the content blocks of one stream into parts. */
export interface BlockMapper {
  /** Whether there has been text or a tool call. */
  hasAnswered(): boolean;
  start(index: number, block: unknown): readonly StreamPart[];
  /** @throws LLMError `invalid_response` for a delta that is malformed; `data` is the event it came in */
  continue(index: number, delta: unknown, data: string): readonly StreamPart[];
  stop(index: number): readonly StreamPart[];
}

/** A block of the answer that is not over. */
type Block =
  | { readonly type: "thinking"; hasText: boolean; signature: string | null }
  | { readonly type: "tool"; readonly call: number; readonly input: unknown; hasInput: boolean }
  | { readonly type: "other" };

const OTHER: Block = { type: "other" };
const NOTHING: readonly StreamPart[] = Object.freeze([]);

/** Creates the mapper of one stream's blocks. Blocks of server-side tools, and of kinds to come, become no parts. */
export function createBlockMapper(source: ReplySource): BlockMapper {
  const blocks = new Map<number, Block>();
  let calls = 0;
  let answered = false;

  function start(index: number, block: unknown): readonly StreamPart[] {
    blocks.set(index, OTHER);
    switch (fieldOf(block, "type")) {
      case "text":
        return textParts(stringField(block, "text") ?? "");
      case "thinking": {
        // Starts empty, and stays so where the model keeps its reasoning to itself.
        const text = stringField(block, "thinking") ?? "";
        blocks.set(index, { type: "thinking", hasText: text !== "", signature: stringField(block, "signature") });
        return reasoningParts(text);
      }
      case "redacted_thinking":
        return [reasoningEnd({ redacted: stringField(block, "data") ?? "" })];
      case "tool_use": {
        const call = calls++;
        answered = true;
        blocks.set(index, { type: "tool", call, input: fieldOf(block, "input"), hasInput: false });
        const id = stringField(block, "id") ?? "";
        const name = stringField(block, "name") ?? "";
        return [{ type: "tool-call", index: call, id, name, inputText: "" }];
      }
      default:
        return NOTHING;
    }
  }

  function continueBlock(index: number, delta: unknown, data: string): readonly StreamPart[] {
    const block = blocks.get(index);
    switch (fieldOf(delta, "type")) {
      case "text_delta":
        return textParts(textOf(delta, "text", data));
      case "thinking_delta": {
        const text = textOf(delta, "thinking", data);
        if (block?.type === "thinking" && text !== "") block.hasText = true;
        return reasoningParts(text);
      }
      case "signature_delta":
        if (block?.type === "thinking") block.signature = (block.signature ?? "") + textOf(delta, "signature", data);
        return NOTHING;
      case "input_json_delta": {
        const inputText = textOf(delta, "partial_json", data);
        if (block === undefined) throw malformed("tool input for a call that never began", data);
        if (block.type !== "tool" || inputText === "") return NOTHING;
        block.hasInput = true;
        return [{ type: "tool-call", index: block.call, inputText }];
      }
      default:
        return NOTHING;
    }
  }

  function stop(index: number): readonly StreamPart[] {
    const block = blocks.get(index);
    blocks.delete(index);
    if (block?.type === "thinking" && (block.hasText || block.signature !== null)) {
      return [reasoningEnd(block.signature === null ? {} : { signature: block.signature })];
    }
    // No input at all means the empty object; a gateway may have put all of it into the start.
    if (block?.type === "tool" && !block.hasInput) {
      return [{ type: "tool-call", index: block.call, inputText: JSON.stringify(block.input ?? {}) }];
    }
    return NOTHING;
  }

  function textParts(text: string): readonly StreamPart[] {
    if (text === "") return NOTHING;
    answered = true;
    return [{ type: "text", text }];
  }

  function textOf(delta: unknown, name: string, data: string): string {
    const text = fieldOf(delta, name);
    if (typeof text !== "string") throw malformed("a delta without its text", data);
    return text;
  }

  const malformed = (what: string, data: string): Error =>
    responseError("invalid_response", `sent ${what}`, source.response, source.facts, data);

  return {
    hasAnswered: () => answered,
    start,
    continue: continueBlock,
    stop,
  };
}

const reasoningParts = (text: string): readonly StreamPart[] => (text === "" ? NOTHING : [{ type: "reasoning", text }]);

const reasoningEnd = (data: JsonObject): StreamPart => ({ type: "reasoning", text: "", data });
