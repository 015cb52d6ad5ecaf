import { createObjectScan, type ObjectScan, parseJSON } from "@babylon/provider-kit";
import type { ToolCallPiece } from "./from-message.ts";

/** What arguments are compared by. */
interface ComparedInput {
  readonly input: string;
  readonly trimmed: string;
  /** `null`: not JSON. */
  readonly canonical: string | null;
}

/** The arguments of one call while their pieces arrive. */
export interface ToolArguments {
  scan: ObjectScan;
  /** The arguments that were emitted. */
  text: string;
  /** Arguments that may be a placeholder `{}`, which is dropped if others follow. */
  buffered: string;
  /** The latest arguments that were sent as an object. */
  whole: string | null;
  /** The latest arguments that were compared; `null`: none. */
  compared: ComparedInput | null;
  /** Text after complete arguments. */
  extra: string;
}

/** Matches `{}` or its beginning. */
const MAY_BE_EMPTY = /^\s*(?:\{\s*(?:\}\s*)?)?$/;
/** Maximum number of buffered characters. */
const MAX_BUFFERED = 64;

/** Whether a text begins like an object or an array. */
export const beginsObject = (text: string): boolean => /^\s*[{[]/.test(text);

/** Whether the arguments are complete: further ones belong to another call or repeat these. */
export const areComplete = ({ scan, whole }: ToolArguments): boolean => whole !== null || scan.isComplete();

/** Whether the arguments are a `{}` that others may replace. */
export const isPlaceholder = ({ scan, text, whole }: ToolArguments): boolean =>
  whole === "{}" || (text === "" && scan.isComplete());

/** Whether a text is an object or an array. */
export const isObjectText = (text: string): boolean => beginsObject(text) && parseJSON(text) !== undefined;

/** The arguments of a call before its first piece. */
export const noArguments = (): ToolArguments => ({
  scan: createObjectScan(),
  text: "",
  buffered: "",
  whole: null,
  compared: null,
  extra: "",
});

/** Adds a piece to the arguments. Returns the text that can be emitted. */
export function addInput(call: ToolArguments, { inputText, isWhole }: ToolCallPiece): string {
  if (inputText === "") return "";
  if (isWhole && !call.scan.hasBegun()) {
    call.whole = inputText;
    return "";
  }
  if (isPlaceholder(call) && beginsObject(inputText)) {
    call.whole = null;
    call.buffered = "";
    call.scan = createObjectScan();
  } else if (areComplete(call)) {
    call.extra += inputText;
    // Comparing only long texts keeps the total time linear.
    const isLong = call.extra.length * 2 >= (call.whole ?? call.text).length;
    if (isLong && inputText.length * 2 >= call.extra.length && isRepeated(call, call.extra)) call.extra = "";
    return "";
  }
  call.scan.push(inputText);
  if (call.text === "") {
    call.buffered += inputText;
    if (call.buffered.length <= MAX_BUFFERED && MAY_BE_EMPTY.test(call.buffered)) return "";
    const start = call.buffered;
    call.buffered = "";
    call.text = start;
    return start;
  }
  call.text += inputText;
  return inputText;
}

/** The text to emit at the end. A repetition of the arguments is dropped; any other extra text is kept, so that they fail to parse. */
export function restOf(call: ToolArguments): string {
  const start = call.whole ?? call.buffered;
  const isRest = call.extra.trim() !== "" && !isRepeated(call, call.extra);
  return isRest ? start + call.extra : start;
}

/** Whether a text is equivalent to the arguments so far. */
export function isRepeated(call: ToolArguments, extra: string): boolean {
  const input = call.whole ?? call.text + call.buffered;
  if (input === extra) return true;
  // Not computed again for each text: the arguments may be far longer than the text.
  if (call.compared?.input !== input) {
    call.compared = { input, trimmed: input.trim(), canonical: canonicalOf(input) };
  }
  const { trimmed, canonical } = call.compared;
  return trimmed === extra.trim() || (canonical !== null && canonical === canonicalOf(extra));
}

function canonicalOf(text: string): string | null {
  const value = parseJSON(text);
  return value === undefined ? null : JSON.stringify(value);
}
