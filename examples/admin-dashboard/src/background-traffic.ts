import type { LLMClient } from "@babylon/llm-core";

const AGENTS = ["market-maker", "reporter", "sceptic", "night-shift", "archivist"] as const;
const TENANTS = ["harbour", "old-town", "university"] as const;
const PURPOSES = ["chat", "article", "memory"] as const;
const QUESTIONS = [
  "Will the bridge open before the festival? Answer in one sentence.",
  "Write one line for the evening paper about the harbour strike.",
  "Buy, sell or hold the lighthouse contract? One word and a reason.",
  "What would the council say about the new tram? One sentence.",
] as const;

const pick = <T>(items: readonly T[]): T | undefined => items[Math.floor(Math.random() * items.length)];

/** Makes periodic calls like a service with a few agents. Returns a function that stops it. */
export function startBackgroundTraffic(llm: LLMClient, everyMs: number): () => void {
  const controller = new AbortController();
  const timer = setInterval(() => {
    const prompt = pick(QUESTIONS) ?? QUESTIONS[0];
    const call = llm.generateText({
      prompt,
      agent: pick(AGENTS),
      tenant: pick(TENANTS),
      purpose: pick(PURPOSES),
      maxOutputTokens: 256,
      timeouts: { totalMs: 20_000 },
      abortSignal: controller.signal,
    });
    // The outcome is in the record, which the page shows.
    call.catch(() => {});
  }, everyMs);
  return () => {
    clearInterval(timer);
    controller.abort();
  };
}
