import type { StreamPart } from "@babylon/llm-core";
import {
  type CollectedMembers,
  collectMembers,
  createObjectScan,
  type ObjectScan,
  parseJSON,
} from "@babylon/provider-kit";
import type { ToolCallPiece } from "./from-message.ts";

type ToolPart = StreamPart & { type: "tool-call" };

/** Assembles the tool calls of one choice from their pieces. */
export interface ToolCalls {
  /** The parts of the pieces of one chunk. */
  take(pieces: readonly ToolCallPiece[]): readonly ToolPart[];
  /** The pieces of a complete message that do not repeat the call at their place. */
  withoutRepeated(pieces: readonly ToolCallPiece[]): readonly ToolCallPiece[];
  /** The buffered arguments. */
  end(): readonly ToolPart[];
  count(): number;
}

/** What arguments are compared by. */
interface ComparedInput {
  readonly input: string;
  readonly trimmed: string;
  /** `null`: not JSON. */
  readonly canonical: string | null;
}

interface OpenCall {
  /** From 0, in order of appearance. */
  readonly number: number;
  /** The vendor's index. */
  readonly index: number | null;
  id: string | null;
  name: string | null;
  /** Whether the id was emitted with a part. */
  emittedId: boolean;
  emittedName: boolean;
  /** Unknown fields of its pieces. */
  data: CollectedMembers | null;
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
  /** The number of the chunk with its latest piece. */
  chunk: number;
}

/** Matches `{}` or its beginning. */
const MAY_BE_EMPTY = /^\s*(?:\{\s*(?:\}\s*)?)?$/;
/** Maximum number of buffered characters. */
const MAX_BUFFERED = 64;

const beginsObject = (text: string): boolean => /^\s*[{[]/.test(text);

/** Whether the arguments are complete: further ones belong to another call or repeat these. */
const isComplete = ({ scan, whole }: OpenCall): boolean => whole !== null || scan.isComplete();

/** Whether the arguments are a `{}` that others may replace. */
const isPlaceholder = ({ scan, text, whole }: OpenCall): boolean =>
  whole === "{}" || (text === "" && scan.isComplete());

const isBlank = ({ id, name, inputText, data }: ToolCallPiece): boolean =>
  id === null && name === null && data === null && inputText.trim() === "";

const isObjectText = (text: string): boolean => beginsObject(text) && parseJSON(text) !== undefined;

/** Creates an empty assembler. Pieces are matched by id or index, whichever is distinctive; otherwise by their content. */
export function createToolCalls(): ToolCalls {
  const calls: OpenCall[] = [];
  const byId = new Map<string, OpenCall>();
  /** The latest call of each vendor index. */
  const byIndex = new Map<number, OpenCall>();
  let chunk = 0;

  /** The call that a piece continues; `null`: a new call. */
  function find(piece: ToolCallPiece): OpenCall | null {
    const { index, id, name } = piece;
    const ofIndex = index === null ? undefined : byIndex.get(index);
    const ofId = id === null ? undefined : byId.get(id);
    if (ofId !== undefined) {
      if (index === null || ofId.index === null || index === ofId.index) return sharesId(ofId, piece) ? null : ofId;
      // Same id, other index: either all calls share this id, or each piece has its own index.
      if (ofIndex !== undefined) return ofIndex;
      return name !== null && (isComplete(ofId) || name !== ofId.name) ? null : ofId;
    }
    const last = calls.at(-1);
    if (index !== null && ofIndex === undefined) {
      // A call begins with its name.
      const continues =
        id === null && name === null && last !== undefined && (!isComplete(last) || isPlaceholder(last));
      return continues ? last : null;
    }
    const call = ofIndex ?? last;
    return call === undefined || beginsAnother(call, piece) ? null : call;
  }

  /** Whether a piece that matches a call by position, but not by id, begins another call. Usually only a piece with a name does. */
  function beginsAnother(call: OpenCall, { index, id, name, inputText }: ToolCallPiece): boolean {
    if (name === null) return id !== null && index === null && call.id !== null && isComplete(call);
    const isListed = index === null && id === null && call.chunk === chunk;
    if (isListed) return true;
    if (isComplete(call)) return id !== null || index === null || name !== call.name || !isRepeated(call, inputText);
    if (call.scan.hasBegun()) return name !== call.name || beginsObject(inputText);
    return name !== (call.name ?? name) || (id !== null && call.id !== null);
  }

  /** Whether a piece with the id of a call with complete arguments is another call: it has another name, or other complete arguments. */
  function sharesId(call: OpenCall, { name, inputText }: ToolCallPiece): boolean {
    if (name === null || !isComplete(call)) return false;
    if (name !== call.name) return true;
    return !isPlaceholder(call) && !isRepeated(call, inputText) && isObjectText(inputText);
  }

  function begin({ index, id }: ToolCallPiece): OpenCall {
    const call: OpenCall = {
      number: calls.length,
      index,
      id: null,
      name: null,
      emittedId: false,
      emittedName: false,
      data: null,
      scan: createObjectScan(),
      text: "",
      buffered: "",
      whole: null,
      compared: null,
      extra: "",
      chunk,
    };
    calls.push(call);
    if (id !== null) byId.set(id, call);
    return call;
  }

  function addPiece(piece: ToolCallPiece): ToolPart | null {
    const found = find(piece);
    // A call begins with its id, its name or its arguments.
    if (found === null && isBlank(piece)) return null;
    const call = found ?? begin(piece);
    const isNewIndex = piece.index !== null && (found === null || !byIndex.has(piece.index));
    if (isNewIndex) byIndex.set(piece.index, call);
    call.chunk = chunk;
    call.id ??= piece.id;
    call.name ??= piece.name;
    if (piece.data !== null) {
      call.data ??= collectMembers();
      call.data.add(piece.data);
    }
    const inputText = addInput(call, piece);
    const isNamed = (call.id !== null && !call.emittedId) || (call.name !== null && !call.emittedName);
    const hasChange = found === null || inputText !== "" || piece.data !== null || isNamed;
    if (!hasChange) return null;
    const part = toPart(call, inputText, piece.data !== null);
    return found === null ? { ...part, interleaved: true } : part;
  }

  return {
    take(pieces) {
      chunk += 1;
      return pieces.flatMap((piece) => addPiece(piece) ?? []);
    },
    withoutRepeated(pieces) {
      // A message that repeats the answer has all of its calls. Any other is not compared, which keeps the total time linear.
      if (pieces.length < calls.length) return pieces;
      return pieces.filter(({ id, name, inputText }, at) => {
        const call = calls[at];
        const isSame = call !== undefined && (id === null || id === (call.id ?? id)) && name === call.name;
        return !isSame || !isRepeated(call, inputText);
      });
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
  const id = call.emittedId ? null : call.id;
  const name = call.emittedName ? null : call.name;
  call.emittedId ||= id !== null;
  call.emittedName ||= name !== null;
  return {
    type: "tool-call",
    index: call.number,
    ...(id === null ? {} : { id }),
    ...(name === null ? {} : { name }),
    inputText,
    ...(withData && call.data !== null ? { data: call.data.members } : {}),
  };
}

/** Adds a piece to the arguments. Returns the text that can be emitted. */
function addInput(call: OpenCall, { inputText, isWhole }: ToolCallPiece): string {
  if (inputText === "") return "";
  if (isWhole && !call.scan.hasBegun()) {
    call.whole = inputText;
    return "";
  }
  if (isPlaceholder(call) && beginsObject(inputText)) {
    call.whole = null;
    call.buffered = "";
    call.scan = createObjectScan();
  } else if (isComplete(call)) {
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
function restOf(call: OpenCall): string {
  const start = call.whole ?? call.buffered;
  const isRest = call.extra.trim() !== "" && !isRepeated(call, call.extra);
  return isRest ? start + call.extra : start;
}

/** Whether a text is equivalent to the arguments so far. */
function isRepeated(call: OpenCall, extra: string): boolean {
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
