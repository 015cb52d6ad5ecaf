import { isLLMError, type LLMClient } from "@babylon/llm-core";
import { commonFaults, type Fault, type FaultRule, SIMULATED_PROVIDERS } from "@babylon/llm-testing";

const PROMPTS = 40;
const FAULT_SHARE = 0.3;
const FAULTS: readonly Fault[] = [...commonFaults(300), { kind: "no-done" }, { kind: "split", bytes: 7 }];

/** Faults on three in ten requests, each kind with the same share. */
export const faultRules = (): FaultRule[] =>
  SIMULATED_PROVIDERS.flatMap((provider) =>
    FAULTS.map((fault, at): FaultRule => {
      const share = FAULT_SHARE / FAULTS.length;
      // The first rule that strikes counts: later ones see only what earlier ones let pass.
      return { provider, fault, probability: share / (1 - share * at) };
    }),
  );

/** Makes one call, in one of the ways in which callers make and leave them. Returns whether it began. */
export async function callInWays(llm: LLMClient, number: number, random: () => number): Promise<boolean> {
  const question = `Item ${number % PROMPTS} of the evening paper?`;
  // Long prompts are read from, and written to, the cache of their vendor.
  const prompt = number % 7 === 0 ? `${question} ${"And what else? ".repeat(400)}` : question;
  const controller = new AbortController();
  const common = {
    prompt,
    callId: `soak-${number}`,
    abortSignal: controller.signal,
    agent: `agent ${number % 7}`,
    tenant: `tenant ${number % 3}`,
  };
  const way = number % 10;
  if (way === 9) {
    // Never read.
    llm.streamText(common);
    return false;
  }
  const timer = way === 8 ? setTimeout(() => controller.abort(), random() * 30) : undefined;
  try {
    if (way === 0 || way === 1) {
      let left = Math.ceil(random() * 6);
      for await (const _ of llm.streamText({ ...common, onInterrupted: way === 0 ? "restart" : "continue" })) {
        left -= 1;
        // Abandoned.
        if (number % 3 === 0 && left <= 0) break;
      }
    } else if (way === 2) {
      await llm.generateText({ ...common, hedge: { minDelayMs: 1, quantile: 0.5 } });
    } else if (way === 3) {
      await llm.generateText({ ...common, prompt: `Shared ${Math.floor(number / 200)}?`, coalesce: true });
    } else {
      await llm.generateText({ ...common, transport: number % 2 === 0 ? "json" : "stream" });
    }
  } catch (thrown) {
    if (!isLLMError(thrown)) throw thrown;
  } finally {
    clearTimeout(timer);
  }
  return true;
}
