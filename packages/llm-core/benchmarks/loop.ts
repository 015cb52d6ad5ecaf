/**
 * Measures the cost of the loop itself: calls to a provider that answers at once in memory, with breaker, limiter and recorder on and one
 * long-lived signal shared by 200 calls at a time. CPU time of the process, best and median of ten rounds: `npx -y pnpm@10 bench:loop`.
 */
import { createLLMClient, type ModelCapabilities, type Provider, type StreamPart, type Usage } from "../src/index.ts";

const CALLS = 20_000;
const AT_ONCE = 200;
const ROUNDS = 10;
const LIMIT_US = 20;

const capabilities: ModelCapabilities = {
  images: true,
  files: true,
  tools: true,
  forcedToolChoice: true,
  schema: ["prompt"],
  schemaWithStreaming: true,
  schemaWithTools: true,
  sampling: true,
  seed: true,
  stopSequences: true,
  reasoningEffort: [],
  silentReasoning: false,
  assistantPrefill: true,
  contextTokens: null,
  maxOutputTokens: null,
};
const usage: Usage = {
  inputTokens: 1,
  outputTokens: 1,
  cachedInputTokens: null,
  cacheWriteInputTokens: null,
  longCacheWriteInputTokens: null,
  reasoningTokens: null,
};
const end = { finishReason: "stop", rawFinishReason: "stop", responseId: "r", responseModel: "m" } as const;
const PARTS: readonly StreamPart[] = [
  { type: "text", text: "Hello." },
  { type: "usage", usage },
  { type: "finish", ...end },
];

const instantProvider = (id: string): Provider => ({
  spec: 1,
  id,
  name: id,
  envKey: null,
  envModel: null,
  envBaseURL: null,
  defaultModel: "m",
  models: [],
  retired: {},
  capabilities: () => capabilities,
  isConfigured: () => true,
  generate: async () => ({ text: "Hello.", reasoning: [], toolCalls: [], usage, ...end }),
  // Not an async generator, which would be a fifth of the measured time.
  stream: () => ({
    [Symbol.asyncIterator]() {
      const parts = PARTS.values();
      return { next: () => Promise.resolve(parts.next()) };
    },
  }),
});

let records = 0;
const llm = createLLMClient({
  providers: ["a", "b", "c", "d"].map(instantProvider),
  recorders: [
    () => {
      records += 1;
    },
  ],
});
const abortSignal = new AbortController().signal;

async function round(transport: "stream" | "json"): Promise<number> {
  const before = process.cpuUsage();
  const call = () => llm.generateText({ prompt: "Hello?", abortSignal, transport });
  for (let made = 0; made < CALLS; made += AT_ONCE) await Promise.all(Array.from({ length: AT_ONCE }, call));
  const { user, system } = process.cpuUsage(before);
  return (user + system) / CALLS;
}

for (const transport of ["stream", "json"] as const) {
  await round(transport);
  const rounds: number[] = [];
  for (let index = 0; index < ROUNDS; index += 1) rounds.push(await round(transport));
  rounds.sort((a, b) => a - b);
  const median = rounds[ROUNDS / 2] ?? Number.NaN;
  const verdict = median < LIMIT_US ? "ok" : `over the limit of ${LIMIT_US}`;
  console.log(`${transport}: ${median.toFixed(1)} us CPU a call (best ${rounds[0]?.toFixed(1)}): ${verdict}`);
  if (median >= LIMIT_US) process.exitCode = 1;
}
await llm.close();
if (records !== 2 * (ROUNDS + 1) * CALLS) throw new Error(`${records} records`);
