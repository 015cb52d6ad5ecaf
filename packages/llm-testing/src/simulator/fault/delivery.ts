import type { WireEvent } from "../provider-wire.ts";
import type { SimulatedRefusal } from "../simulated-refusal.ts";

/** The head of a successful reply. */
export interface ReplyHead {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** One step of a delivery. `hold` waits until the client closes the connection. */
export type DeliveryStep =
  | { readonly do: "head"; readonly head: ReplyHead; readonly length: number | null }
  | { readonly do: "write"; readonly text: string }
  | { readonly do: "wait"; readonly ms: number }
  | Flood
  | { readonly do: "hold" }
  | { readonly do: "end" }
  | { readonly do: "reset" };

/** Sends `first`, and then `text` repeatedly up to `bytes` bytes, optionally compressed. */
export interface Flood {
  readonly do: "flood";
  readonly first: string;
  readonly text: string;
  readonly bytes: number;
  readonly gzip: boolean;
}

/** The input for planning a fault. */
export interface DeliveryFacts {
  readonly head: ReplyHead;
  /** The events of a stream; `null` for a JSON reply. */
  readonly events: readonly WireEvent[] | null;
  /** The body of a JSON reply. */
  readonly body: string;
  /** The same answer as one JSON body. */
  whole(): string;
  readonly keepAlive: string | null;
  /** The vendor's refusal for a `status` without a body. */
  typicalError(status: number): SimulatedRefusal;
  inBandError(): unknown;
  errorEvent(error: unknown): string;
  errorBody(error: unknown): unknown;
}
