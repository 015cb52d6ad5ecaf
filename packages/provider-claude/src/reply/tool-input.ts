import { createObjectScan, type ObjectScan, parseJSON } from "@babylon/provider-kit";

/** The input of one tool call while its deltas arrive. */
export interface ToolInput {
  /** The complete input, if a gateway sent it with the start of the block; else empty. */
  readonly startInput: string;
  /** Deltas that are buffered. */
  buffered: string;
  hasEmitted: boolean;
  /** The input that was emitted. */
  text: string;
  readonly scan: ObjectScan;
}

/** Creates the input of a call; `startText`: what its start contained. */
export const createToolInput = (startText: string): ToolInput => ({
  startInput: isEmptyInput(startText) ? "" : startText,
  buffered: "",
  hasEmitted: false,
  text: "",
  scan: createObjectScan(),
});

/**
 * Adds a delta. Returns the text that can be emitted. Buffers deltas while the start has input as well, and a leading `{}`, which gateways
 * send before the real input. The latter without its blanks, so that the buffer that each delta tests stays short.
 */
export function addInput(call: ToolInput, inputText: string): string {
  if (inputText === "") return "";
  const input = call.buffered + inputText;
  // Text after a complete input may repeat it.
  if (call.startInput !== "" || call.scan.isComplete()) {
    call.buffered = input;
    return "";
  }
  if (!call.hasEmitted && isEmptyInput(input)) {
    call.buffered = input.replace(/\s+/g, "");
    return "";
  }
  const emitted = call.hasEmitted ? input : withoutOpening(input);
  call.buffered = "";
  call.hasEmitted = true;
  call.text += emitted;
  call.scan.push(emitted);
  return emitted;
}

/** Whether a text is blank, `null` or an empty object. */
function isEmptyInput(text: string): boolean {
  const input = text.trim();
  if (input === "" || input === "null") return true;
  return input.startsWith("{") && input.endsWith("}") && input.slice(1, -1).trim() === "";
}

/** Removes the leading empty object of `{}{"city":"Bern"}`. */
const withoutOpening = (input: string): string => input.replace(/^\s*\{\s*\}\s*(?=\{)/, "");

/** The input that has not been emitted at the end of a block. No input means the empty object. */
export function restOfInput({ startInput, buffered, hasEmitted, text }: ToolInput): string {
  if (hasEmitted) return isSameInput(buffered, text) ? "" : buffered;
  if (startInput === "") return "{}";
  return isEmptyInput(buffered) || parseJSON(buffered) === undefined ? startInput : buffered;
}

/** Whether two inputs are equal, apart from white space. Any other text after an input is kept, so that it fails to parse. */
function isSameInput(later: string, input: string): boolean {
  if (later === "" || later.trim() === input.trim()) return true;
  const value = parseJSON(later);
  return value !== undefined && JSON.stringify(value) === JSON.stringify(parseJSON(input));
}
