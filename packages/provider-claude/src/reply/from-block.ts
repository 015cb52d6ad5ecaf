import { isRecord, type JsonObject, type StreamPart } from "@babylon/llm-core";
import { fieldOf, parseJSON, responseError, stringField } from "@babylon/provider-kit";
import type { ReplySource } from "./reply-source.ts";
import { toInputText } from "./to-input-text.ts";
import { addInput, createToolInput, restOfInput, type ToolInput } from "./tool-input.ts";

/** Turns the content blocks of one stream into parts. */
export interface BlockMapper {
  /** Whether there has been text or a tool call. */
  hasAnswered(): boolean;
  /** Whether there has been a tool call. */
  hasCalled(): boolean;
  start(index: number, block: unknown): readonly StreamPart[];
  /** @throws LLMError `invalid_response` for a delta that is malformed; `data` is the event it came in */
  continue(index: number, delta: unknown, data: string): readonly StreamPart[];
  stop(index: number): readonly StreamPart[];
  /** Closes all open blocks: some gateways omit `content_block_stop`. */
  stopAll(): readonly StreamPart[];
}

interface ThinkingBlock {
  readonly type: "thinking";
  hasText: boolean;
  signature: string | null;
}

interface ToolBlock extends ToolInput {
  readonly type: "tool";
  readonly id: string;
  readonly call: number;
}

/** A block that is only sent back to Anthropic unchanged, such as that of a server-side tool. */
interface OpaqueBlock {
  readonly type: "opaque";
  readonly block: JsonObject;
  input: string;
  /** An unknown delta arrived, so the block is incomplete. */
  isBroken: boolean;
}

/** A block that is not closed. */
type Block = ThinkingBlock | ToolBlock | OpaqueBlock | { readonly type: "text" };

const TEXT: Block = { type: "text" };
const NOTHING: readonly StreamPart[] = Object.freeze([]);

/** Creates the mapper of one stream's blocks. Blocks that are neither text, thinking nor a call become opaque reasoning. */
export function createBlockMapper(source: ReplySource): BlockMapper {
  const blocks = new Map<number, Block>();
  /** The index of the thinking block that is open. */
  let thinking: number | null = null;
  let calls = 0;
  let answered = false;

  function start(index: number, block: unknown): readonly StreamPart[] {
    const known = blocks.get(index);
    // The event was sent twice.
    if (known?.type === "tool" && known.id === stringField(block, "id")) return NOTHING;
    const before = known === undefined ? NOTHING : stop(index);
    const parts = begin(index, block);
    return before.length === 0 ? parts : [...before, ...parts];
  }

  function begin(index: number, block: unknown): readonly StreamPart[] {
    switch (fieldOf(block, "type")) {
      case "text":
        blocks.set(index, TEXT);
        return textParts(stringField(block, "text") ?? "");
      case "thinking": {
        // Starts empty, and stays empty if the model does not show its reasoning.
        const text = stringField(block, "thinking") ?? "";
        const before = stopThinking();
        thinking = index;
        blocks.set(index, { type: "thinking", hasText: text !== "", signature: stringField(block, "signature") });
        return [...before, ...reasoningParts(text)];
      }
      case "redacted_thinking":
        blocks.set(index, TEXT);
        return [...stopThinking(), reasoningEnd({ redacted: stringField(block, "data") ?? "" })];
      case "tool_use":
        return beginCall(index, block);
      default:
        if (isRecord(block) && typeof block.type === "string") {
          // A parsed record only contains JSON values.
          blocks.set(index, { type: "opaque", block: block as JsonObject, input: "", isBroken: false });
        }
        return NOTHING;
    }
  }

  function beginCall(index: number, block: unknown): readonly StreamPart[] {
    const call = calls++;
    answered = true;
    const id = stringField(block, "id") ?? "";
    const input = toInputText(fieldOf(block, "input"));
    blocks.set(index, {
      type: "tool",
      id,
      call,
      ...createToolInput(input),
    });
    const name = stringField(block, "name") ?? "";
    return [{ type: "tool-call", index: call, id, name, inputText: "", interleaved: true }];
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
        const input = fieldOf(delta, "partial_json");
        const inputText = isRecord(input) ? JSON.stringify(input) : textOf(delta, "partial_json", data);
        if (block === undefined) throw malformed("tool input for a call that is not open", data);
        if (block.type === "opaque") block.input += inputText;
        return block.type === "tool" ? inputParts(block, inputText) : NOTHING;
      }
      case "citations_delta":
        return NOTHING;
      default:
        if (block?.type === "opaque") block.isBroken = true;
        return NOTHING;
    }
  }

  function inputParts(block: ToolBlock, inputText: string): readonly StreamPart[] {
    const emitted = addInput(block, inputText);
    return emitted === "" ? NOTHING : [{ type: "tool-call", index: block.call, inputText: emitted }];
  }

  function stop(index: number): readonly StreamPart[] {
    const block = blocks.get(index);
    blocks.delete(index);
    switch (block?.type) {
      case "thinking":
        thinking = null;
        if (!block.hasText && block.signature === null) return NOTHING;
        return [reasoningEnd(block.signature === null ? {} : { signature: block.signature })];
      case "tool":
        return [{ type: "tool-call", index: block.call, inputText: restOfInput(block), complete: true }];
      case "opaque":
        return stopOpaque(block);
      default:
        return NOTHING;
    }
  }

  function stopOpaque({ block, input, isBroken }: OpaqueBlock): readonly StreamPart[] {
    const parsed = input === "" ? undefined : parseJSON(input);
    if (isBroken || (input !== "" && parsed === undefined)) return NOTHING;
    // As in `begin`.
    const whole = parsed === undefined ? block : ({ ...block, input: parsed } as JsonObject);
    return [...stopThinking(), reasoningEnd({ block: whole })];
  }

  /** Closing data belongs to the latest reasoning block, so open thinking is closed before another one begins. */
  function stopThinking(): readonly StreamPart[] {
    return thinking === null ? NOTHING : stop(thinking);
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
    hasCalled: () => calls > 0,
    start,
    continue: continueBlock,
    stop,
    stopAll: () => [...blocks.keys()].flatMap(stop),
  };
}

const reasoningParts = (text: string): readonly StreamPart[] => (text === "" ? NOTHING : [{ type: "reasoning", text }]);

const reasoningEnd = (data: JsonObject): StreamPart => ({ type: "reasoning", text: "", data });
