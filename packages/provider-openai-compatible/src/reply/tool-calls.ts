import type { StreamPart } from "@babylon/llm-core";
import { type CollectedMembers, collectMembers } from "@babylon/provider-kit";
import type { ToolCallPiece } from "./from-message.ts";
import {
  addInput,
  areComplete,
  beginsObject,
  isObjectText,
  isPlaceholder,
  isRepeated,
  noArguments,
  restOf,
  type ToolArguments,
} from "./tool-arguments.ts";

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

interface OpenCall extends ToolArguments {
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
  /** The number of the chunk with its latest piece. */
  chunk: number;
}

const isBlank = ({ id, name, inputText, data }: ToolCallPiece): boolean =>
  id === null && name === null && data === null && inputText.trim() === "";

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
      return name !== null && (areComplete(ofId) || name !== ofId.name) ? null : ofId;
    }
    const last = calls.at(-1);
    if (index !== null && ofIndex === undefined) {
      // A call begins with its name.
      const continues =
        id === null && name === null && last !== undefined && (!areComplete(last) || isPlaceholder(last));
      return continues ? last : null;
    }
    const call = ofIndex ?? last;
    return call === undefined || beginsAnother(call, piece) ? null : call;
  }

  /** Whether a piece that matches a call by position, but not by id, begins another call. Usually only a piece with a name does. */
  function beginsAnother(call: OpenCall, { index, id, name, inputText }: ToolCallPiece): boolean {
    if (name === null) return id !== null && index === null && call.id !== null && areComplete(call);
    const isListed = index === null && id === null && call.chunk === chunk;
    if (isListed) return true;
    if (areComplete(call)) return id !== null || index === null || name !== call.name || !isRepeated(call, inputText);
    if (call.scan.hasBegun()) return name !== call.name || beginsObject(inputText);
    return name !== (call.name ?? name) || (id !== null && call.id !== null);
  }

  /** Whether a piece with the id of a call with complete arguments is another call: it has another name, or other complete arguments. */
  function sharesId(call: OpenCall, { name, inputText }: ToolCallPiece): boolean {
    if (name === null || !areComplete(call)) return false;
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
      ...noArguments(),
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
