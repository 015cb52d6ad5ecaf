import type { LLMErrorCode } from "@babylon/llm-core";

/** What a vendor said about a key or a model, in effect for a limited time. Never a count of failures. */
export interface VendorFact {
  /** What the fact is about, such as a provider and the keyed hash of a key; never a key itself. Up to 500 characters. */
  readonly key: string;
  /** What the vendor said. */
  readonly code: LLMErrorCode;
  /** How long it is in effect, milliseconds from now. */
  readonly forMs: number;
  /** Who said it: an id of its choice, with which a listener recognizes its own facts. */
  readonly from?: string | null | undefined;
}

/** Facts that processes share. */
export interface Facts {
  /**
   * Says a fact to all processes, this one included. Returns at once and never throws; a fact that cannot be sent is dropped. Of two facts
   * with the same key and code the one that ends later is in effect.
   */
  say(fact: VendorFact): void;
  /**
   * Calls back with each fact that is in effect now, and with each one that is said from now on; after an outage, again with those in
   * effect. Returns the function that ends this.
   */
  listen(on: (fact: VendorFact) => void): () => void;
  /** The facts in effect. Rejects with a `StorageError`. */
  current(): Promise<readonly VendorFact[]>;
}
