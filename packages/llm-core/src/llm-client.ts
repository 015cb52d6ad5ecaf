import type { CallOptions, GenerateTextOptions, StreamTextOptions } from "./contract/call-options.ts";
import type { Plan } from "./contract/plan.ts";
import type { ModelInfo, Provider } from "./contract/provider.ts";
import type { TextResult } from "./contract/result.ts";
import type { LinkHealth } from "./health/link-health.ts";
import type { ListModelsOptions } from "./list-models.ts";
import type { ServiceStatus } from "./status/service-status.ts";
import type { TextStream } from "./stream/text-stream.ts";
import type { StructuredFunctions } from "./structured/structured-functions.ts";

/** Options of `plan()`: those of a call, but the prompt is optional. */
export type PlanOptions = CallOptions;

/** Calls several providers as one fallback chain. */
export interface LLMClient extends StructuredFunctions, AsyncDisposable {
  /** The providers of the client, in code order. */
  readonly providers: readonly Provider[];
  /**
   * Generates a text. Streams internally, and retries or falls back when a stream breaks off, so the result is always a complete answer.
   *
   * Rejects with `invalid_input`, `no_provider`, `aborted`, `deadline`, `closed`, `content_filter`, the error of the link if the chain
   * had one link, else `all_failed`.
   */
  generateText(options: GenerateTextOptions): Promise<TextResult>;
  /**
   * Streams a text. Lazy: the call starts when the stream is first read. Throws `invalid_input` and `closed` synchronously; the stream
   * fails with all other errors, and with `interrupted` if the answer breaks off after a part of it is committed.
   */
  streamText(options: StreamTextOptions): TextStream;
  /** The links that a call would try. Makes no request. Throws `invalid_input`. */
  plan(options?: PlanOptions): Promise<Plan>;
  /** As {@link LLMClient.plan}, but synchronous, with the cached settings and keys, such as for a status line. Throws `invalid_input`. */
  peekPlan(options?: PlanOptions): Plan;
  /** The models of a provider. Rejects with the errors of a request, and with `unsupported` if the provider has no list of models. */
  listModels(provider: string, options?: ListModelsOptions): Promise<ModelInfo[]>;
  /** State and statistics of each link that was called or would be called, in this process. */
  health(): readonly LinkHealth[];
  /** Whether calls succeed: an outage, degraded or well, with the figures of the last minute, five minutes and hour. */
  status(): ServiceStatus;
  /** Clears the failures of a provider, so that its links are tried again at once. Throws `invalid_input` for an unknown provider. */
  revive(provider: string): void;
  /**
   * Rejects new calls, waits for those in flight, and then for the recorders, at most `drainMs`; a warning is logged with the number of
   * deliveries that were not finished by then. A text stream that is not read for `drainMs` meanwhile is aborted. Never rejects.
   */
  close(): Promise<void>;
}
