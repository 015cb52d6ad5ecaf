import type { CallRecord, ExperimentArm, Exposure, GenerateTextOptions, ModelRequest } from "@babylon/llm-core";
import { SHADOW_PURPOSE } from "../assign/own-calls.ts";
import type { TenantHasher } from "../assign/tenant-hasher.ts";
import type { JudgeClient } from "../judge/judge.ts";
import { recordValues } from "../metrics/record-values.ts";
import type { RowWriter } from "../rows/row-writer.ts";
import type { JudgingBudget } from "./judging-limits.ts";
import type { AnsweredCall } from "./watch-answer.ts";

/** The call that a shadow call is a copy of. */
export interface ShadowOf {
  readonly arm: ExperimentArm;
  readonly exposure: Exposure;
  readonly callId: string;
}

/** Sends copies of calls to shadow arms. */
export interface ShadowCalls {
  /** Sends a copy. `text` is `null` if it was not answered in full. Never rejects. */
  send(
    llm: JudgeClient,
    answered: AnsweredCall,
    of: Omit<ShadowOf, "callId">,
  ): Promise<{ readonly callId: string; readonly text: string | null }>;
  /** Receives the record of a shadow call, which becomes a row. */
  recorded(record: CallRecord): void;
}

/** What shadow calls use. */
export interface ShadowParts {
  readonly tenantHashOf: TenantHasher;
  readonly outputLimit: JudgingBudget["outputLimit"];
}

/** The limit of a shadow call. */
const LIMIT_MS = 120_000;

/** Behind all other calls that wait for a provider. */
const PRIORITY = -1_000;

/** A client that is not connected to the recorder never reports its calls. */
const MAX_IN_FLIGHT = 1_000;

/** Creates the shadow calls of a process. */
export function createShadowCalls(writer: Pick<RowWriter, "expose">, parts: ShadowParts): ShadowCalls {
  const { tenantHashOf, outputLimit } = parts;
  const inFlight = new Map<string, ShadowOf>();
  return {
    async send(llm, { record, request }, { arm, exposure }) {
      const callId = `shadow-${crypto.randomUUID()}`;
      inFlight.set(callId, { arm, exposure, callId: record.callId });
      const [oldest] = inFlight.keys();
      if (inFlight.size > MAX_IN_FLIGHT && oldest !== undefined) inFlight.delete(oldest);
      try {
        const limit = request.maxOutputTokens ?? outputLimit(record.attempts.at(-1)?.usage?.outputTokens ?? null);
        const options = { ...optionsOf(callId, record, request, arm, exposure), maxOutputTokens: limit };
        const { text, finishReason } = await llm.generateText(options);
        // Cut off by a limit that the original did not have: nothing to compare.
        const isCut = request.maxOutputTokens === undefined && finishReason === "length";
        return { callId, text: isCut ? null : text };
      } catch {
        // Its record says why.
        return { callId, text: null };
      }
    },
    recorded(record) {
      const of = inFlight.get(record.callId);
      if (of === undefined) return;
      inFlight.delete(record.callId);
      // Refused by a budget or for want of a provider: nothing was asked, so nothing is known about the arm.
      if (record.attempts.length === 0) return;
      const { arm, exposure } = of;
      writer.expose({
        experiment: exposure.experiment,
        version: exposure.version,
        arm: arm.id,
        unit: exposure.unit ?? "",
        callId: record.callId,
        at: record.startedAt,
        probability: arm.weight / 10_000,
        served: record.outcome === "success" ? "intended" : "none",
        excluded: null,
        shadowOf: of.callId,
        tenant: tenantHashOf(record.tenant),
        values: { ...recordValues(record), fallback: 0 },
      });
    },
  };
}

/** The options of a copy: the same question, pinned to the link of the arm. */
function optionsOf(
  callId: string,
  { callId: original, tenant }: CallRecord,
  request: ModelRequest,
  { id, provider, model, models = {} }: ExperimentArm,
  { experiment }: Exposure,
): GenerateTextOptions {
  const { messages, temperature, topP, stopSequences, seed, reasoningEffort, responseFormat } = request;
  return {
    callId,
    messages,
    temperature,
    topP,
    stopSequences,
    seed,
    reasoningEffort,
    responseFormat,
    provider,
    models: provider === undefined || model === undefined ? models : { ...models, [provider]: model },
    purpose: SHADOW_PURPOSE,
    ...(tenant === null ? {} : { tenant }),
    metadata: { experiment, arm: id, shadowOf: original },
    maxRetries: 0,
    priority: PRIORITY,
    timeouts: { totalMs: LIMIT_MS },
  };
}
