import type { AttemptKind } from "../../contract/attempt.ts";
import type { ModelRequest, SchemaDialect } from "../../contract/provider.ts";
import type { LLMError } from "../../errors/llm-error.ts";
import type { CallWatch } from "../../observe/observing.ts";
import type { ChainLink } from "../../plan/plan-chain.ts";
import type { Watcher } from "../../stream/watcher.ts";
import type { FinishedAnswer, toToolCall } from "../answer.ts";
import type { AnswerForm, FormLink } from "../answer-form.ts";
import type { Call } from "../call.ts";
import type { CommittedOutput } from "../committed-output.ts";
import type { Engine } from "../engine.ts";
import type { Rival } from "../rival.ts";

/** The input of one attempt, created once. */
export interface AttemptInput<T> {
  readonly engine: Engine;
  readonly call: Call;
  /** Counts from 1 within the call. */
  readonly number: number;
  readonly link: ChainLink;
  readonly formLink: FormLink;
  readonly form: AnswerForm<T>;
  readonly request: ModelRequest;
  readonly schemaDialect: SchemaDialect | undefined;
  readonly kind: AttemptKind;
  readonly transport: "stream" | "json";
  /** Links that may still be tried, this one included. */
  readonly linksLeft: number;
  /** Whether another link is ready and has not failed this call. */
  hasReadyFallback(): boolean;
  /** Aborts the request. */
  readonly controller: AbortController;
  readonly output: CommittedOutput;
  readonly watcher: Watcher;
  readonly rival: Rival;
  readonly observed: CallWatch;
  /** Parses a tool call and checks its arguments; `undefined` if the call has no tools. */
  readonly readToolCall: typeof toToolCall | undefined;
}

/** How an attempt ended. */
export type AttemptEnd<T> =
  | {
      readonly type: "served";
      readonly value: T;
      readonly answer: FinishedAnswer;
      readonly firstTokenMs: number | null;
    }
  | { readonly type: "cancelled" }
  | { readonly type: "failed"; readonly error: LLMError; readonly again: boolean; readonly toolParts: boolean };

/** Another attempt won the race. */
export const CANCELLED = { type: "cancelled" } as const;
