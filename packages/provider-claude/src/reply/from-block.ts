import { isRecord, type JsonObject, type StreamPart } from "@babylon/llm-core";
import { fieldOf, parseJSON, responseError, stringField } from "@babylon/provider-kit";
import type { ReplySource } from "./reply-source.ts";
import { toInputText } from "./to-input-text.ts";

/** Turns the content blocks of one stream into parts. */
export interface BlockMapper {
  /** Whether there has been text or a tool call. */
  hasAnswered(): boolean;
  start(index: number, block: unknown): readonly StreamPart[];
  /** @throws LLMError `invalid_response` for a delta that is malformed; `data` is the event it came in */
  continue(index: number, delta: unknown, data: string): readonly StreamPart[];
  stop(index: number): readonly StreamPart[];
  /** Closes what was never closed: there are gateways that leave out the ends of blocks. */
  stopAll(): readonly StreamPart[];
}

interface ThinkingBlock {
  readonly type: "thinking";
  hasText: boolean;
  signature: string | null;
}

interface ToolBlock {
  readonly type: "tool";
  readonly id: string;
  readonly call: number;
  /** All of the input, where a gateway put it into the start of the block; empty where it did not. */
  readonly whole: string;
  /** What has come of the input and is not given yet. */
  held: string;
  hasGiven: boolean;
}

/** A block that Anthropic wants back as it is, such as that of a tool that runs on the server. Nobody else reads it. */
interface OpaqueBlock {
  readonly type: "opaque";
  readonly block: JsonObject;
  input: string;
  /** Something came for it that cannot be put into it. */
  isBroken: boolean;
}

/** A block of the answer that is not over. */
type Block = ThinkingBlock | ToolBlock | OpaqueBlock | { readonly type: "text" };

const TEXT: Block = { type: "text" };
const NOTHING: readonly StreamPart[] = Object.freeze([]);

/** Creates the mapper of one stream's blocks. Blocks that are neither text, thinking nor a call become opaque reasoning. */
export function createBlockMapper(source: ReplySource): BlockMapper {
  const blocks = new Map<number, Block>();
  let calls = 0;
  let answered = false;

  function start(index: number, block: unknown): readonly StreamPart[] {
    const known = blocks.get(index);
    // Sent twice.
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
        // Starts empty, and stays so where the model keeps its reasoning to itself.
        const text = stringField(block, "thinking") ?? "";
        const before = stopThinking();
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
          // What came as JSON is JSON.
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
    blocks.set(index, { type: "tool", id, call, whole: isEmptyInput(input) ? "" : input, held: "", hasGiven: false });
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
        const inputText = textOf(delta, "partial_json", data);
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

  /** Input that comes beside the one of the start is held until it is known which of them is right, and so is `{}`, which may only open it. */
  function inputParts(block: ToolBlock, inputText: string): readonly StreamPart[] {
    if (inputText === "") return NOTHING;
    const input = block.held + inputText;
    if (block.whole !== "" || (!block.hasGiven && isEmptyInput(input))) {
      block.held = input;
      return NOTHING;
    }
    const given = block.hasGiven ? input : withoutOpening(input);
    block.held = "";
    block.hasGiven = true;
    return [{ type: "tool-call", index: block.call, inputText: given }];
  }

  function stop(index: number): readonly StreamPart[] {
    const block = blocks.get(index);
    blocks.delete(index);
    switch (block?.type) {
      case "thinking":
        if (!block.hasText && block.signature === null) return NOTHING;
        return [reasoningEnd(block.signature === null ? {} : { signature: block.signature })];
      case "tool":
        return [{ type: "tool-call", index: block.call, inputText: restOf(block), complete: true }];
      case "opaque":
        return stopOpaque(block);
      default:
        return NOTHING;
    }
  }

  function stopOpaque({ block, input, isBroken }: OpaqueBlock): readonly StreamPart[] {
    const told = input === "" ? undefined : parseJSON(input);
    if (isBroken || (input !== "" && told === undefined)) return NOTHING;
    // As in `begin`.
    const whole = told === undefined ? block : ({ ...block, input: told } as JsonObject);
    return [...stopThinking(), reasoningEnd({ block: whole })];
  }

  /** What closes a block of thinking goes to the latest one: it must come before the next. */
  function stopThinking(): readonly StreamPart[] {
    return [...blocks].flatMap(([index, { type }]) => (type === "thinking" ? stop(index) : NOTHING));
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
    stopAll: () => [...blocks.keys()].flatMap(stop),
  };
}

const isEmptyInput = (text: string): boolean => /^\s*(?:\{\s*\}|null)?\s*$/.test(text);

/** `{}{"city":"Bern"}`: gateways open the input with the empty object that the block starts with. */
const withoutOpening = (input: string): string => input.replace(/^\s*\{\s*\}\s*(?=\{)/, "");

/** No input at all means the empty object. */
function restOf({ whole, held, hasGiven }: ToolBlock): string {
  if (hasGiven) return held;
  if (whole === "") return "{}";
  return isEmptyInput(held) || parseJSON(held) === undefined ? whole : held;
}

const reasoningParts = (text: string): readonly StreamPart[] => (text === "" ? NOTHING : [{ type: "reasoning", text }]);

const reasoningEnd = (data: JsonObject): StreamPart => ({ type: "reasoning", text: "", data });
