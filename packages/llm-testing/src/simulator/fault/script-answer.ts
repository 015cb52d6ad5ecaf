import type { FinishReason } from "@babylon/llm-core";
import type { Answer, AnswerEnd } from "../answer/ask.ts";
import { tokensOf } from "../answer/tokens.ts";
import type { ScriptedAnswer } from "./fault.ts";

const ENDS: Readonly<Record<FinishReason, AnswerEnd>> = {
  stop: "stop",
  length: "length",
  "tool-calls": "tool-calls",
  "content-filter": "content-filter",
  other: "stop",
};

/** The answer that a test scripted; `healthy` fills in what it left out. */
export function scriptAnswer(healthy: Answer, script: ScriptedAnswer): Answer {
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

function servedOf({ served }: Answer, { model, serviceTier, speed, region }: ScriptedAnswer): Answer["served"] {
  return {
    model: model ?? served.model,
    serviceTier: serviceTier === undefined ? served.serviceTier : serviceTier,
    speed: speed === undefined ? served.speed : speed,
    region: region === undefined ? served.region : region,
  };
}

function contentOf(healthy: Answer, script: ScriptedAnswer): Pick<Answer, "text" | "toolCalls"> {
  const { text, json, toolCalls, refusal } = script;
  const said = text ?? (json === undefined ? undefined : JSON.stringify(json));
  if (toolCalls !== undefined) {
    const calls = toolCalls.map((call, index) => ({
      id: call.id ?? `call_scripted${index}`,
      name: call.name,
      arguments: typeof call.arguments === "string" ? call.arguments : JSON.stringify(call.arguments),
    }));
    return { text: said ?? "", toolCalls: calls };
  }
  if (said !== undefined) return { text: said, toolCalls: [] };
  return refusal === undefined ? { text: healthy.text, toolCalls: healthy.toolCalls } : { text: "", toolCalls: [] };
}

function usageOf(
  { usage }: Answer,
  script: ScriptedAnswer,
  content: Pick<Answer, "text" | "toolCalls">,
  reasoning: string | null,
): Answer["usage"] {
  if (script.usage === null || usage === null) return null;
  const reasoningTokens = script.usage?.reasoningTokens ?? tokensOf(reasoning ?? "");
  const spoken = content.text + content.toolCalls.map((call) => call.arguments).join("");
  return {
    inputTokens: script.usage?.inputTokens ?? usage.inputTokens,
    cachedTokens: script.usage?.cachedTokens ?? usage.cachedTokens,
    cacheWriteTokens: script.usage?.cacheWriteTokens ?? usage.cacheWriteTokens,
    longCacheWriteTokens: script.usage?.longCacheWriteTokens ?? usage.longCacheWriteTokens,
    webSearches: script.usage?.webSearches ?? usage.webSearches,
    audioInputTokens: script.usage?.audioInputTokens ?? usage.audioInputTokens,
    audioOutputTokens: script.usage?.audioOutputTokens ?? usage.audioOutputTokens,
    outputTokens: script.usage?.outputTokens ?? reasoningTokens + Math.max(1, tokensOf(spoken)),
    reasoningTokens,
  };
}
