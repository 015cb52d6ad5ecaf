import { cleanCause, isLLMError, type LLMClient } from "@babylon/llm-core";
import { TuningError } from "../contract/tuning-error.ts";

/** The part of a client that is used. */
export type TuningClient = Pick<LLMClient, "generateText">;

/** A model of a provider. */
export interface ModelLink {
  readonly provider: string;
  readonly model: string;
}

/** The purpose of its calls, for the records. */
const PURPOSE = "tuning-warm-up";

/** Options of a warm-up. */
export interface WarmUpOptions {
  /** The limit for the first token, milliseconds. Default 60 s: the first call loads the adapter. */
  readonly firstTokenMs?: number | undefined;
  readonly abortSignal?: AbortSignal | undefined;
}

/** Makes one short call to a model, which loads it. Rejects with `not_servable` if it does not answer. */
export async function warmUp(
  llm: TuningClient,
  { provider, model }: ModelLink,
  { firstTokenMs = 60_000, abortSignal }: WarmUpOptions = {},
): Promise<void> {
  try {
    await llm.generateText({
      prompt: "Answer with one word: ready.",
      provider,
      models: { [provider]: model },
      // Enough for a model that reasons first.
      maxOutputTokens: 512,
      purpose: PURPOSE,
      maxRetries: 0,
      timeouts: { firstTokenMs, attemptMs: firstTokenMs, totalMs: firstTokenMs + 10_000 },
      abortSignal,
    });
  } catch (thrown) {
    abortSignal?.throwIfAborted();
    // An answer that was cut short is an answer.
    if (isLLMError(thrown, "interrupted")) return;
    const reason = cleanCause(thrown)?.message ?? "no reason given";
    throw new TuningError("not_servable", `${provider} does not serve ${model}: ${reason}`, { cause: thrown });
  }
}
