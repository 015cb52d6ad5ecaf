import type { JsonObject, StreamPart } from "@babylon/llm-core";
import { mergeBody, parseJSON } from "@babylon/provider-kit";
import type { ToolCallPiece } from "./from-message.ts";
import { createObjectScan, type ObjectScan } from "./object-scan.ts";

type ToolPart = StreamPart & { type: "tool-call" };

/** Puts the tool calls of one choice together, which come in pieces. */
export interface ToolCalls {
  /** The parts of the pieces of one chunk. */
  take(pieces: readonly ToolCallPiece[]): readonly ToolPart[];
  /** What was held back until it was clear what it belongs to. */
  end(): readonly ToolPart[];
  count(): number;
}

interface OpenCall {
  /** From 0, in the order in which they began. */
  readonly number: number;
  /** The vendor's number. */
  readonly index: number | null;
  id: string | null;
  name: string | null;
  /** What of id and name is in a part. */
  toldId: boolean;
  toldName: boolean;
  data: JsonObject | null;
  scan: ObjectScan;
  /** Of the arguments, without what is held back. */
  text: string;
  /** As long as the arguments could be `{}`, which stands for nothing where others follow. */
  held: string;
  /** Arguments that came as an object, the latest. */
  whole: string | null;
  /** What came after the arguments were complete. */
  again: string;
  /** The chunk that a piece of it came in last. */
  chunk: number;
}

/** `{}`, or the beginning of it. */
const MAY_BE_EMPTY = /^\s*(?:\{\s*(?:\}\s*)?)?$/;
/** More blanks than that are not held back. */
const MAX_BUFFERED = 64;

const beginsObject = (text: string): boolean => /^\s*[{[]/.test(text);

/** Whether the arguments that have come are complete: the next ones are another call's, or the same again. */
const isComplete = ({ scan, whole }: OpenCall): boolean => whole !== null || scan.isComplete();

/** No call yet. Pieces belong together by id or by index, whichever tells them apart; where neither does, by what they say. */
export function createToolCalls(): ToolCalls {
  const calls: OpenCall[] = [];
  const byId = new Map<string, OpenCall>();
  /** The latest under each of the vendor's numbers. */
  const byIndex = new Map<number, OpenCall>();
  let chunk = 0;

  /** The call that a piece goes on with; `null`: a new one. */
  function find(piece: ToolCallPiece): OpenCall | null {
    const { index, id, name } = piece;
    const ofIndex = index === null ? undefined : byIndex.get(index);
    const ofId = id === null ? undefined : byId.get(id);
    if (ofId !== undefined) {
      if (index === null || ofId.index === null || index === ofId.index) return ofId;
      // Another number: either all calls have this id, or each piece has a number of its own.
      if (ofIndex !== undefined) return ofIndex;
      return name !== null && (isComplete(ofId) || name !== ofId.name) ? null : ofId;
    }
    const last = calls.at(-1);
    if (index !== null && ofIndex === undefined) {
      const goesOn = id === null && name === null && last?.scan.hasBegun() === true && !isComplete(last);
      return goesOn ? last : null;
    }
    const call = ofIndex ?? last;
    return call === undefined || beginsAnother(call, piece) ? null : call;
  }

  /** Whether a piece that comes where a call is, and does not have its id, begins another one: only what has a name can. */
  function beginsAnother(call: OpenCall, { index, id, name, inputText }: ToolCallPiece): boolean {
    if (name === null) return id !== null && index === null && call.id !== null && isComplete(call);
    const isListed = index === null && id === null && call.chunk === chunk;
    if (isListed) return true;
    if (isComplete(call)) return id !== null || index === null || name !== call.name || !isRepeated(call, inputText);
    if (call.scan.hasBegun()) return name !== call.name || beginsObject(inputText);
    return name !== (call.name ?? name) || (id !== null && call.id !== null);
  }

  function begin({ index, id }: ToolCallPiece): OpenCall {
    const call: OpenCall = {
      number: calls.length,
      index,
      id: null,
      name: null,
      toldId: false,
      toldName: false,
      data: null,
      scan: createObjectScan(),
      text: "",
      held: "",
      whole: null,
      again: "",
      chunk,
    };
    calls.push(call);
    if (id !== null && !byId.has(id)) byId.set(id, call);
    return call;
  }

  function takePiece(piece: ToolCallPiece): ToolPart | null {
    const found = find(piece);
    const call = found ?? begin(piece);
    const isNewIndex = piece.index !== null && (found === null || !byIndex.has(piece.index));
    if (isNewIndex) byIndex.set(piece.index, call);
    call.chunk = chunk;
    call.id ??= piece.id;
    call.name ??= piece.name;
    if (piece.data !== null) call.data = mergeBody(call.data ?? {}, piece.data);
    const inputText = takeInput(call, piece);
    const isNamed = (call.id !== null && !call.toldId) || (call.name !== null && !call.toldName);
    const isNews = found === null || inputText !== "" || piece.data !== null || isNamed;
    if (!isNews) return null;
    const part = toPart(call, inputText, piece.data !== null);
    return found === null ? { ...part, interleaved: true } : part;
  }

  return {
    take(pieces) {
      chunk += 1;
      return pieces.flatMap((piece) => takePiece(piece) ?? []);
    },
    end: () =>
      calls.flatMap((call) => {
        const rest = restOf(call);
        return rest === "" ? [] : toPart(call, rest, false);
      }),
    count: () => calls.length,
  };
}

function toPart(call: OpenCall, inputText: string, withData: boolean): ToolPart {
  const id = call.toldId ? null : call.id;
  const name = call.toldName ? null : call.name;
  call.toldId ||= id !== null;
  call.toldName ||= name !== null;
  return {
    type: "tool-call",
    index: call.number,
    ...(id === null ? {} : { id }),
    ...(name === null ? {} : { name }),
    inputText,
    ...(withData && call.data !== null ? { data: call.data } : {}),
  };
}

/** Adds a piece to the arguments. Returns as much as can be passed on. */
function takeInput(call: OpenCall, { inputText, isWhole }: ToolCallPiece): string {
  if (inputText === "") return "";
  if (isWhole && !call.scan.hasBegun()) {
    call.whole = inputText;
    return "";
  }
  const isPlaceholder = call.whole === "{}" || (call.text === "" && call.scan.isComplete());
  if (isPlaceholder && beginsObject(inputText)) {
    call.whole = null;
    call.held = "";
    call.scan = createObjectScan();
  } else if (isComplete(call)) {
    call.again += inputText;
    // Short ones are not compared each: there may be many.
    const isLong = call.again.length * 2 >= (call.whole ?? call.text).length;
    if (isLong && inputText.length * 2 >= call.again.length && isRepeated(call, call.again)) call.again = "";
    return "";
  }
  call.scan.push(inputText);
  if (call.text === "") {
    call.held += inputText;
    if (call.held.length <= MAX_BUFFERED && MAY_BE_EMPTY.test(call.held)) return "";
    const begun = call.held;
    call.held = "";
    call.text = begun;
    return begun;
  }
  call.text += inputText;
  return inputText;
}

/** The arguments once more are dropped; anything else behind them makes them what they are: wrong. */
function restOf(call: OpenCall): string {
  const begun = call.whole ?? call.held;
  const isRest = call.again.trim() !== "" && !isRepeated(call, call.again);
  return isRest ? begun + call.again : begun;
}

/** Whether a text says the same as the arguments that have come. */
function isRepeated({ whole, text, held }: OpenCall, again: string): boolean {
  const first = (whole ?? text + held).trim();
  if (first === again.trim()) return true;
  const value = parseJSON(again);
  return value !== undefined && JSON.stringify(value) === JSON.stringify(parseJSON(first));
}
