import type { CallOptions } from "../contract/call-options.ts";
import type { Provider } from "../contract/provider.ts";
import type { CapturedContexts } from "../observe/observing.ts";
import { abortByReader } from "../run/call.ts";
import type { CallSession } from "../run/call-session.ts";
import type { ItemSink } from "./array/item-stream.ts";

/** What the structured functions need from their client. */
export interface StructuredHost {
  readonly providers: ReadonlyMap<string, Provider>;
  /** Throws `closed`. */
  refuseWhenClosed(): void;
  /** Captures observer contexts; to be called synchronously in the caller's stack. Pass the result to `open`. */
  capture(): CapturedContexts;
  /** Opens a call with checked options. Throws `closed`. */
  open(options: CallOptions, captured: CapturedContexts): CallSession;
}

/** Default of `maxReasks`. */
export const DEFAULT_REASKS = 1;

/** Aborts the call when its stream is closed. */
export function abortOnClose(sink: Pick<ItemSink<unknown>, "onClose"> | null, session: CallSession): void {
  sink?.onClose(() => abortByReader(session.call));
}
