import { isLLMError, type LLMError, type SystemSettings } from "@babylon/llm-core";
import * as v from "valibot";
import type { AdminContext, AdminRequest } from "../admin-context.ts";
import type { TestBody, TestData } from "../contract.ts";
import { settingsSchema, testBodySchema } from "../contract-schema.ts";
import { AdminError } from "../http/admin-error.ts";
import { toResponse } from "../http/json-response.ts";
import { parseBody, readJsonBody } from "../http/read-json-body.ts";
import { readSettings } from "../http/settings-failure.ts";
import { takePermit } from "../http/take-permit.ts";
import { knownSettings } from "../settings/known-settings.ts";
import { toReplacement } from "../settings/to-replacement.ts";

const PROMPT = "Reply with one short sentence that says you are ready.";
/** Leaves room for a model that reasons before its one sentence. */
const MAX_OUTPUT_TOKENS = 512;
const TOTAL_MS = 30_000;

/** Settings under which the given provider is called with the given model, even if it is switched off. */
function settingsOf(settings: SystemSettings, { provider, model }: TestBody): SystemSettings {
  if (provider === undefined) return settings;
  const chosen = { ...settings.providers[provider], enabled: true, ...(model === undefined ? {} : { model }) };
  return { ...settings, providers: { ...settings.providers, [provider]: chosen } };
}

function toFailure(error: LLMError, durationMs: number): AdminError {
  const { provider, model, status, retryAfterMs, requestId } = error;
  const attempts = error.attempts.map(({ provider, model, durationMs, outcome, error: why }) => ({
    provider,
    model,
    durationMs,
    outcome,
    ...(why === undefined ? {} : { error: why }),
  }));
  return new AdminError(error.code, error.message, {
    test: { provider, model, status, retryAfterMs, requestId, durationMs, attempts },
  });
}

/** `POST …/test`: one short prompt to a provider and model, saved or pending. Success clears the provider's failures. */
export async function testModel(context: AdminContext, { request }: AdminRequest): Promise<Response> {
  const { llm, settings, testLimit, clock } = context;
  const body = parseBody(testBodySchema, await readJsonBody(request, context, true));
  if (body.provider !== undefined && !llm.providers.some(({ id }) => id === body.provider)) {
    throw new AdminError("unknown_provider", `unknown provider "${body.provider}"`);
  }
  takePermit(testLimit, "too many tests in the last minute: try again later");
  const stored = async () => (await readSettings(() => settings.get())).value;
  // Pending settings with known fields only are tested even while the store cannot be reached.
  if (body.settings !== undefined && !v.is(settingsSchema, body.settings)) toReplacement(body.settings, await stored());
  const base = knownSettings(body.settings ?? (await stored()));
  const startedAt = clock.monotonic();
  try {
    const result = await llm.generateText({
      prompt: PROMPT,
      maxOutputTokens: MAX_OUTPUT_TOKENS,
      maxRetries: 0,
      timeouts: { totalMs: TOTAL_MS },
      abortSignal: request.signal,
      purpose: "admin-test",
      settings: settingsOf(base, body),
      provider: body.provider,
    });
    llm.revive(result.provider);
    const { provider, model, firstTokenMs, durationMs, usage, text, warnings } = result;
    const data: TestData = { provider, model, firstTokenMs, durationMs, usage, text, warnings };
    return toResponse(data, `Successfully tested ${provider} (model: ${model})`);
  } catch (thrown) {
    if (!isLLMError(thrown)) throw thrown;
    throw toFailure(thrown, clock.monotonic() - startedAt);
  }
}
