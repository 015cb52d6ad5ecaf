import { isRecord } from "@babylon/llm-core";

/** What a writer tells the others: just enough to know whether it is news. Postgres takes 8000 bytes at most. */
export interface BusMessage {
  readonly version: number;
  readonly writeId: string;
  /** The store that wrote, so that it can leave its own messages aside. */
  readonly origin: string;
}

export function encodeBusMessage({ version, writeId, origin }: BusMessage): string {
  return JSON.stringify({ v: version, w: writeId, o: origin });
}

/** `undefined` for a text that is no such message. */
export function decodeBusMessage(text: string): BusMessage | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    if (!isRecord(parsed)) return undefined;
    const { v: version, w: writeId, o: origin } = parsed;
    if (typeof version !== "number" || !Number.isSafeInteger(version)) return undefined;
    return typeof writeId === "string" && typeof origin === "string" ? { version, writeId, origin } : undefined;
  } catch {
    return undefined;
  }
}
