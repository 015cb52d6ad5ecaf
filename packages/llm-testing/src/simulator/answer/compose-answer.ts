import type { JsonObject } from "@babylon/llm-core";
import { createRandom, hashOf, type Random } from "../random.ts";
import { type PromptMarkers, readMarkers } from "./prompt-markers.ts";
import { OWN_PHRASES, type Phrases, proseOf } from "./prose.ts";
import type { AnswerUsage, RequestedTool, SimulatedAnswer, SimulatedRequest } from "./simulated-request.ts";
import { CHARS_PER_TOKEN, estimatedTokens } from "./tokens.ts";
import { valueForSchema } from "./value-for-schema.ts";

/** Shorter prompts are never cached: the threshold of OpenAI and W&B. */
const CACHE_FROM_TOKENS = 1_024;
const CACHE_STEP_TOKENS = 128;

type Draft = Omit<SimulatedAnswer, "id" | "usage" | "rawEnd" | "refusal" | "served">;

/**
 * Composes the answer to a request. It is deterministic for seed, model and prompt, streamed or not; only its id differs. JSON if a schema or a
 * marker in the prompt requests it, a tool call if one is forced or the user's last message names a tool, else a few sentences. Cut at
 * `maxOutputTokens` and at stop sequences.
 */
export function composeAnswer(
  ask: SimulatedRequest,
  seed: number,
  id: string,
  phrases: Phrases = OWN_PHRASES,
): SimulatedAnswer {
  const hash = hashOf(`${seed} ${ask.model} ${ask.prompt}`);
  const random = createRandom(hash);
  const reasoning = ask.reasoning === "none" ? null : proseOf(random, 12, phrases);
  const draft = limited(ask, { reasoning, stopSequence: null, ...contentOf(ask, random, hash, phrases) });
  const reasoningTokens = reasoning === null ? 0 : estimatedTokens(reasoning);
  const spoken = draft.text.length + draft.toolCalls.reduce((sum, call) => sum + call.arguments.length, 0);
  return {
    ...draft,
    reasoning: ask.reasoning === "silent" ? "" : reasoning,
    id,
    rawEnd: null,
    refusal: null,
    served: { model: ask.model, ...ask.serving },
    usage: {
      inputTokens: ask.inputTokens,
      ...cacheUsage(ask, hash),
      webSearches: 0,
      audioInputTokens: 0,
      audioOutputTokens: 0,
      outputTokens: reasoningTokens + Math.max(1, Math.ceil(spoken / CHARS_PER_TOKEN)),
      reasoningTokens,
    },
  };
}

/** About half of the long prompts are cache hits. */
const cachedTokens = (inputTokens: number, hash: number): number =>
  inputTokens < CACHE_FROM_TOKENS || hash % 2 === 0
    ? 0
    : Math.floor(inputTokens / 2 / CACHE_STEP_TOKENS) * CACHE_STEP_TOKENS;

/** The tokens read from the cache, and those of the rest that are written to it. */
function cacheUsage(
  { inputTokens, cacheWrites }: SimulatedRequest,
  hash: number,
): Pick<AnswerUsage, "cachedTokens" | "cacheWriteTokens" | "longCacheWriteTokens"> {
  const cached = cachedTokens(inputTokens, hash);
  const writes = cacheWrites !== "none" && inputTokens >= CACHE_FROM_TOKENS;
  const written = writes ? Math.floor((inputTokens - cached) / CACHE_STEP_TOKENS) * CACHE_STEP_TOKENS : 0;
  return {
    cachedTokens: cached,
    cacheWriteTokens: written,
    longCacheWriteTokens: cacheWrites === "1h" ? written : 0,
  };
}

function contentOf(
  ask: SimulatedRequest,
  random: Random,
  hash: number,
  phrases: Phrases,
): Pick<Draft, "text" | "toolCalls" | "end"> {
  const called = calledTools(ask);
  if (called.length > 0) {
    const toolCalls = called.map((tool, index) => ({
      id: `call_${(hash + index).toString(36).padStart(9, "0")}`,
      name: tool.name,
      arguments: JSON.stringify(valueForSchema(tool.schema, random, null, phrases)),
    }));
    return { text: "", toolCalls, end: "tool-calls" };
  }
  return { text: textOf(ask, random, phrases), toolCalls: [], end: "stop" };
}

function calledTools({
  tools,
  toolChoice,
  lastUserText,
  parallelToolCalls,
}: SimulatedRequest): readonly RequestedTool[] {
  if (toolChoice === "none") return [];
  if (typeof toolChoice === "object") return tools.filter((tool) => tool.name === toolChoice.tool);
  const named = tools.filter((tool) => lastUserText.includes(tool.name));
  const called = named.length === 0 && toolChoice === "required" ? tools.slice(0, 1) : named;
  return parallelToolCalls ? called : called.slice(0, 1);
}

function textOf(ask: SimulatedRequest, random: Random, phrases: Phrases): string {
  const markers = readMarkers(ask.prompt);
  const schema: JsonObject | null = ask.format.type === "schema" ? ask.format.schema : markers.schema;
  if (schema !== null) return JSON.stringify(valueForSchema(schema, random, wantedOf(markers), phrases));
  if (ask.format.type === "json") return JSON.stringify({ answer: proseOf(random, 15, phrases) });
  return proseOf(random, random.int(30, 60), phrases);
}

const wantedOf = ({
  ids,
  count,
}: PromptMarkers): { ids: PromptMarkers["ids"]; count: PromptMarkers["count"] } | null =>
  ids === null && count === null ? null : { ids, count };

/** Cuts an answer at the request's limits. Reasoning counts towards the token limit. */
function limited(ask: SimulatedRequest, draft: Draft): Draft {
  const stopped = stopAt(draft, ask.stop);
  if (ask.maxOutputTokens === null) return stopped;
  // At least one token is left for text: reasoning that uses up the limit is a separate case.
  const reasoned = Math.min(estimatedTokens(stopped.reasoning ?? ""), Math.floor(ask.maxOutputTokens / 2));
  const chars = Math.max(1, ask.maxOutputTokens - reasoned) * CHARS_PER_TOKEN;
  if (stopped.text.length > chars) return { ...stopped, text: stopped.text.slice(0, chars), end: "length" };
  let remaining = chars;
  const toolCalls: SimulatedAnswer["toolCalls"][number][] = [];
  for (const call of stopped.toolCalls) {
    if (remaining <= 0) break;
    toolCalls.push({ ...call, arguments: call.arguments.slice(0, remaining) });
    remaining -= call.arguments.length;
  }
  return remaining < 0 ? { ...stopped, toolCalls, end: "length" } : stopped;
}

function stopAt(draft: Draft, stop: readonly string[]): Draft {
  let found: Draft = draft;
  for (const stopSequence of stop) {
    const at = found.text.indexOf(stopSequence);
    if (at >= 0) found = { ...found, text: found.text.slice(0, at), end: "stop-sequence", stopSequence };
  }
  return found;
}
