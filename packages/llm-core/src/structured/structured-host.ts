import type { CallOptions } from "../contract/call-options.ts";
import type { Provider } from "../contract/provider.ts";
import type { Captured } from "../observe/observing.ts";
import { readerLeft } from "../run/call.ts";
import type { CallSession } from "../run/call-session.ts";
import type { ItemSink } from "./item-stream.ts";

/** What the object functions take from their client. */
export interface StructuredHost {
  readonly providers: ReadonlyMap<string, Provider>;
  /** Throws `closed`. */
  refuseWhenClosed(): void;
  /** To be called where the caller is, at once; what it returns goes to `open`. */
  capture(): Captured;
  /** Opens a call with checked options. Throws `closed`. */
  open(options: CallOptions, captured: Captured): CallSession;
}

/** How often the same link is asked again. */
export const DEFAULT_REASKS = 1;

/** Lets a stream end the call. */
export function leaveWith(sink: Pick<ItemSink<unknown>, "onLeave"> | null, session: CallSession): void {
  sink?.onLeave(() => readerLeft(session.call));
}
