import { type GenerateTextOptions, isLLMError } from "@babylon/llm-core";
import { systemPrompt } from "../prompts/system-prompt.ts";
import { modelsFor } from "./load-settings.ts";
import type { Tick } from "./tick.ts";
import type { LostCall, Stage } from "./tick-event.ts";

/** A call to make. */
export interface PlannedCall {
  readonly stage: Stage;
  /** Identifies the call in its stage: `3`, `7.trade`. Part of the call's id. */
  readonly key: string;
  /** The purpose of the call, for display: `post by Hob Tunnicliffe`. */
  readonly what: string;
  readonly agent?: string;
  readonly priority?: number;
}

/** The options that every call of a tick has: its id, the tick's deadline and signal, the models, and what goes into the record. */
export type SharedOptions = Pick<
  GenerateTextOptions,
  | "callId"
  | "deadline"
  | "abortSignal"
  | "agent"
  | "priority"
  | "purpose"
  | "metadata"
  | "models"
  | "onAttempt"
  | "system"
>;

/**
 * Makes one call and reports its outcome to the tick. A failed call is recorded as lost and returns `null`, so that it does not stop the
 * tick; only an abort is rethrown.
 */
export async function makeCall<T extends { readonly provider: string }>(
  tick: Tick,
  call: PlannedCall,
  run: (options: SharedOptions) => Promise<T>,
): Promise<T | null> {
  const { stage } = call;
  const callId = `${tick.id}.${stage}.${call.key}`;
  tick.abortSignal?.throwIfAborted();
  tick.counters.calls += 1;
  try {
    const result = await run(await sharedOptions(tick, call, callId));
    tick.onProgress({ type: "call-served", stage, callId, provider: result.provider });
    return result;
  } catch (thrown) {
    if (tick.abortSignal?.aborted === true) throw thrown;
    const lost = toLostCall(thrown, callId, call);
    tick.lost.push(lost);
    tick.onProgress({ type: "call-lost", stage, lost });
    return null;
  }
}

async function sharedOptions(tick: Tick, call: PlannedCall, callId: string): Promise<SharedOptions> {
  const { stage, agent, priority } = call;
  // Read for each call: a change by an operator during the tick applies to the next call.
  const settings = await tick.readSettings();
  return {
    callId,
    deadline: tick.deadline,
    abortSignal: tick.abortSignal,
    agent,
    priority,
    purpose: stage,
    metadata: { tick: tick.id },
    models: modelsFor(settings.value, agent),
    onAttempt: (attempt) => tick.onProgress({ type: "attempt", stage, callId, attempt }),
    system: systemPrompt(tick.world.setting),
  };
}

function toLostCall(thrown: unknown, callId: string, { stage, what }: PlannedCall): LostCall {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  if (!isLLMError(thrown)) return { callId, stage, what, code: null, message, attempts: [] };
  const attempts = thrown.attempts.flatMap(({ provider, error }) =>
    error === undefined ? [] : { provider, code: error.code, message: error.message },
  );
  return { callId, stage, what, code: thrown.code, message, attempts };
}
