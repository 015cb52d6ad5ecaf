import { isRecord } from "@babylon/llm-core";
import { StorageError } from "@babylon/storage";
import type { ScopeSums, WriteOff } from "../contract/ledger.ts";
import type { HoldReply, Stamp, SumsReply } from "../contract/state-engine.ts";

/** Elements of an array in the reply of a script. */
export function elementsOf(reply: unknown): readonly unknown[] {
  if (Array.isArray(reply)) return reply;
  throw unexpected();
}

const unexpected = (): StorageError => new StorageError({ message: "Redis: unexpected reply", applied: "unknown" });

function readStamp([now, epoch]: readonly unknown[]): Stamp {
  return { nowEpochMs: Number(now), epoch: String(epoch) };
}

function readWindow(entry: unknown): SumsReply["windows"][number] {
  const [key, row] = elementsOf(entry);
  const [spent, presumed, held, end] = elementsOf(row);
  const endEpochMs = end === "" ? null : Number(end);
  return { key: String(key), spent: Number(spent), presumed: Number(presumed), held: Number(held), endEpochMs };
}

/** Reads the reply of a script that returns windows. */
export function readSumsReply(reply: unknown): SumsReply {
  const elements = elementsOf(reply);
  return { ...readStamp(elements), windows: elementsOf(elements[2]).map(readWindow) };
}

/** Reads what `WRITE_OFF` stored; `null`: something else. */
export function readWriteOff(stored: string): WriteOff | null {
  const [at = "", amount = "", key = "", by = ""] = stored.split("\t");
  const parsed: unknown = parseJson(by);
  if (!isRecord(parsed)) return null;
  const textOf = (value: unknown): string | null => (typeof value === "string" ? value : null);
  const { actor, reason } = parsed;
  return { atEpochMs: Number(at), amount: Number(amount), key, actor: textOf(actor), reason: textOf(reason) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Reads the reply of a reservation. */
export function readHold(reply: unknown): HoldReply {
  const elements = elementsOf(reply);
  const stamp = readStamp(elements);
  const windows = elementsOf(elements[3]).map(readWindow);
  switch (elements[2]) {
    case "other-epoch":
    case "other-window":
      return { ...stamp, kind: elements[2] };
    case "held":
      return { ...stamp, kind: "held", sums: windows satisfies readonly ScopeSums[] };
    case "refused": {
      const [window] = windows;
      if (window === undefined) throw unexpected();
      // Lists of Lua begin at 1.
      const index = Number(elements[4]) - 1;
      return { ...stamp, kind: "refused", index, sums: window, endEpochMs: window.endEpochMs };
    }
    default:
      throw unexpected();
  }
}
