import type { Attempt, SystemSettings, Usage } from "@babylon/llm-core";

/** The body of `POST …/test`. Empty: the chain with the saved settings. */
export interface TestBody {
  /** Only this provider, even if it is switched off. Default: the chain. */
  readonly provider?: string | undefined;
  /** With `provider`. Default: the model of the settings. */
  readonly model?: string | undefined;
  /** Pending settings, used for this call only. Default: the saved ones. */
  readonly settings?: SystemSettings | undefined;
}

/** A successful test. */
export interface TestData {
  readonly provider: string;
  readonly model: string;
  /** Milliseconds to the first token. */
  readonly firstTokenMs: number | null;
  /** Milliseconds until the answer was complete. */
  readonly durationMs: number;
  readonly usage: Usage;
  readonly text: string;
  readonly warnings: readonly string[];
}

/** The facts of a failed test. */
export interface TestFailure {
  readonly provider: string | null;
  readonly model: string | null;
  /** The provider's HTTP status. */
  readonly status: number | null;
  readonly retryAfterMs: number | null;
  readonly requestId: string | null;
  readonly durationMs: number;
  readonly attempts: readonly Pick<Attempt, "provider" | "model" | "durationMs" | "outcome" | "error">[];
}
