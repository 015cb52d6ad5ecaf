import { type Env, isLLMError, type LLMClient, type Provider } from "@babylon/llm-core";
import { formatDuration } from "@babylon/llm-core/status";
import { describeError } from "../output/describe-error.ts";
import type { Finding } from "./finding.ts";

/** Inputs of {@link checkProvider}. */
export interface ProviderCheck {
  readonly llm: LLMClient;
  readonly env: Env;
  readonly providers: readonly Provider[];
  readonly timeoutMs: number;
  readonly abortSignal: AbortSignal;
}

/** Enough for some reasoning and one word. */
const MAX_OUTPUT_TOKENS = 64;

/**
 * Makes one small call to a provider, with the model that the chain would use and without retries: it checks key, model, credit and
 * connection. Rejects only when aborted.
 */
export async function checkProvider(provider: Provider, check: ProviderCheck): Promise<Finding> {
  const { llm, env, providers, timeoutMs, abortSignal } = check;
  const { id, envKey, keyURL } = provider;
  const about = envKey ?? id;
  if (!provider.isConfigured(env)) {
    const where = keyURL == null ? "" : `; create a key at ${keyURL}`;
    return {
      about,
      verdict: "skipped",
      message: "not set",
      fix: `set it to add ${provider.name} to the chain${where}`,
    };
  }
  try {
    const { model, durationMs, warnings } = await llm.generateText({
      provider: id,
      prompt: "Answer with the one word: ready",
      maxOutputTokens: MAX_OUTPUT_TOKENS,
      maxRetries: 0,
      purpose: "doctor",
      timeouts: { totalMs: timeoutMs },
      abortSignal,
    });
    const message = `${provider.name} answered with ${model} in ${formatDuration(durationMs)}`;
    const [warning] = warnings;
    return { about, verdict: "good", message: warning === undefined ? message : `${message} (${warning})`, fix: null };
  } catch (thrown) {
    if (isLLMError(thrown, "aborted")) throw thrown;
    if (isLLMError(thrown, "no_provider")) {
      const { reason } = thrown.skipped.find(({ provider: skipped }) => skipped === id) ?? { reason: thrown.message };
      const isOff = reason.startsWith("switched off");
      const fix = isOff ? `run babylon-llm settings set providers.${id}.enabled=null to add it to the chain` : null;
      return {
        about,
        verdict: isOff ? "skipped" : "bad",
        message: `${provider.name} is not in the chain: ${reason}`,
        fix,
      };
    }
    const { message, fix } = describeError(thrown, providers);
    return { about, verdict: "bad", message, fix };
  }
}
