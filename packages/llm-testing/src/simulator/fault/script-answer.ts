import type { FinishReason } from "@babylon/llm-core";
import type { AnswerEnd, SimulatedAnswer } from "../answer/simulated-request.ts";
import { estimatedTokens } from "../answer/tokens.ts";
import type { ScriptedAnswer } from "./fault.ts";

const ENDS: Readonly<Record<FinishReason, AnswerEnd>> = {
  stop: "stop",
  length: "length",
  "tool-calls": "tool-calls",
  "content-filter": "content-filter",
  other: "stop",
};

/** Completes the answer that a test scripted with the fields of `healthy`. */
export function scriptAnswer(healthy: SimulatedAnswer, script: ScriptedAnswer): SimulatedAnswer {
  const content = contentOf(healthy, script);
  const reasoning = script.reasoning === undefined ? healthy.reasoning : script.reasoning;
  const natural: AnswerEnd = content.toolCalls.length > 0 ? "tool-calls" : "stop";
  return {
    ...healthy,
    ...content,
    reasoning,
    refusal: script.refusal ?? null,
    end: script.finishReason === undefined ? natural : ENDS[script.finishReason],
    stopSequence: null,
    rawEnd: script.rawFinishReason ?? null,
    usage: usageOf(healthy, script, content, reasoning),
    served: servedOf(healthy, script),
  };
}

function servedOf(
  { served }: SimulatedAnswer,
  { model, serviceTier, speed, region }: ScriptedAnswer,
): SimulatedAnswer["served"] {
  return {
    model: model ?? served.model,
    serviceTier: serviceTier === undefined ? served.serviceTier : serviceTier,
    speed: speed === undefined ? served.speed : speed,
    region: region === undefined ? served.region : region,
  };
}

function contentOf(healthy: SimulatedAnswer, script: ScriptedAnswer): Pick<SimulatedAnswer, "text" | "toolCalls"> {
  const { text, json, toolCalls, refusal } = script;
  const answerText = text ?? (json === undefined ? undefined : JSON.stringify(json));
  if (toolCalls !== undefined) {
    const calls = toolCalls.map((call, index) => ({
      id: call.id ?? `call_scripted${index}`,
      name: call.name,
      arguments: typeof call.arguments === "string" ? call.arguments : JSON.stringify(call.arguments),
    }));
    return { text: answerText ?? "", toolCalls: calls };
  }
  if (answerText !== undefined) return { text: answerText, toolCalls: [] };
  return refusal === undefined ? { text: healthy.text, toolCalls: healthy.toolCalls } : { text: "", toolCalls: [] };
}

function usageOf(
  { usage }: SimulatedAnswer,
  script: ScriptedAnswer,
  content: Pick<SimulatedAnswer, "text" | "toolCalls">,
  reasoning: string | null,
): SimulatedAnswer["usage"] {
  if (script.usage === null || usage === null) return null;
  const reasoningTokens = script.usage?.reasoningTokens ?? estimatedTokens(reasoning ?? "");
  const spoken = content.text + content.toolCalls.map((call) => call.arguments).join("");
  return {
    inputTokens: script.usage?.inputTokens ?? usage.inputTokens,
    cachedTokens: script.usage?.cachedTokens ?? usage.cachedTokens,
    cacheWriteTokens: script.usage?.cacheWriteTokens ?? usage.cacheWriteTokens,
    longCacheWriteTokens: script.usage?.longCacheWriteTokens ?? usage.longCacheWriteTokens,
    webSearches: script.usage?.webSearches ?? usage.webSearches,
    audioInputTokens: script.usage?.audioInputTokens ?? usage.audioInputTokens,
    audioOutputTokens: script.usage?.audioOutputTokens ?? usage.audioOutputTokens,
    outputTokens: script.usage?.outputTokens ?? reasoningTokens + Math.max(1, estimatedTokens(spoken)),
    reasoningTokens,
  };
}
