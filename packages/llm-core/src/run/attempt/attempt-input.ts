import type { AttemptKind } from "../../contract/attempt.ts";
import type { ModelRequest, SchemaDialect } from "../../contract/provider.ts";
import type { LLMError } from "../../errors/llm-error.ts";
import type { ChainLink } from "../../plan/plan-chain.ts";
import type { FinishedAnswer } from "../answer.ts";
import type { FormLink } from "../answer-form.ts";
import type { Call } from "../call.ts";
import type { Rival } from "../rival.ts";
import type { Walk } from "../walk.ts";

/** The input of one attempt, created once. */
export interface AttemptInput<T> {
  readonly walk: Walk<T>;
  readonly call: Call;
  /** Counts from 1 within the call. */
  readonly number: number;
  readonly link: ChainLink;
  readonly formLink: FormLink;
  readonly request: ModelRequest;
  readonly schemaDialect: SchemaDialect | undefined;
  readonly kind: AttemptKind;
  readonly transport: "stream" | "json";
  /** Links that may still be tried, this one included. */
  readonly linksLeft: number;
  /** Aborts the request. */
  readonly controller: AbortController;
  readonly rival: Rival;
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
