import { isRecord } from "@babylon/llm-core";

/** The message of a writer: enough to decide whether a load is needed. Postgres limits a notification to 8000 bytes. */
export interface BusMessage {
  readonly version: number;
  readonly writeId: string;
  /** The id of the store that wrote, so that it can ignore its own messages. */
  readonly origin: string;
}

export function encodeBusMessage({ version, writeId, origin }: BusMessage): string {
  return JSON.stringify({ v: version, w: writeId, o: origin });
}

/** Parses a message; `undefined` for any other text. */
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
