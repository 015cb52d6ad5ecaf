import type { WireEvent } from "../provider-wire.ts";
import type { Refusal } from "../refusal.ts";

/** A healthy reply, ready to be sent. */
export interface ReplyHead {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** What is done to a connection, in order. `hold` waits for the client to leave. */
export type DeliveryStep =
  | { readonly do: "head"; readonly head: ReplyHead; readonly length: number | null }
  | { readonly do: "write"; readonly text: string }
  | { readonly do: "wait"; readonly ms: number }
  | Flood
  | { readonly do: "hold" }
  | { readonly do: "end" }
  | { readonly do: "reset" };

/** The same text again and again behind the first one, up to so many bytes; all of it compressed, where that is wanted. */
export interface Flood {
  readonly do: "flood";
  readonly first: string;
  readonly text: string;
  readonly bytes: number;
  readonly gzip: boolean;
}

/** Everything that a fault may need to know. */
export interface DeliveryFacts {
  readonly head: ReplyHead;
  /** Of a stream; `null` for a JSON reply. */
  readonly events: readonly WireEvent[] | null;
  /** Of a JSON reply. */
  readonly body: string;
  readonly keepAlive: string | null;
  /** The vendor's refusal for a `status` without a body. */
  typicalError(status: number): Refusal;
  inBandError(): unknown;
  errorEvent(error: unknown): string;
  errorBody(error: unknown): unknown;
}
