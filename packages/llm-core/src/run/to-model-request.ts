import type { CallOptions } from "../contract/call-options.ts";
import { ownValue } from "../contract/json.ts";
import type { AssistantMessage, Message } from "../contract/message.ts";
import type { ModelRequest } from "../contract/provider.ts";
import type { ChainLink } from "../plan/plan-chain.ts";

/** A request fitted to one link, and what had to be dropped for it. */
export interface FittedRequest {
  readonly request: ModelRequest;
  readonly warnings: readonly string[];
}

/** The conversation of a call: `system`, then the messages or the prompt. A copy: callers append to their list while a call runs. */
export function conversationOf({ system, prompt, messages }: CallOptions): readonly Message[] {
  const before: readonly Message[] = system === undefined ? [] : [{ role: "system", content: system }];
  return [...before, ...(messages ?? [{ role: "user" as const, content: prompt ?? "" }])];
}

/** Reasoning goes back only to the model it came from: others refuse the signatures. */
function withoutForeignReasoning(message: Message, provider: string, model: string): Message | null {
  if (message.role !== "assistant" || typeof message.content === "string") return message;
  const isForeign = (part: (typeof message.content)[number]) =>
    part.type === "reasoning" && (part.origin?.provider !== provider || part.origin.model !== model);
  if (!message.content.some(isForeign)) return message;
  const content = message.content.filter((part) => !isForeign(part));
  const kept: AssistantMessage = { ...message, content };
  return content.length === 0 ? null : kept;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Fits a call to a link: hints that the model does not take are dropped, each with a warning. Pure. */
export function toModelRequest(link: ChainLink, options: CallOptions, conversation: readonly Message[]): FittedRequest {
  const { provider, model, capabilities: can } = link;
  const warnings: string[] = [];
  const dropped = (option: string) => warnings.push(`${provider}/${model} takes no ${option}: dropped`);

  let messages = conversation;
  if (conversation.some(({ role, content }) => role === "assistant" && typeof content !== "string")) {
    messages = conversation.flatMap((message) => withoutForeignReasoning(message, provider, model) ?? []);
  }
  const request: Writable<ModelRequest> = { model, messages };

  if (options.temperature !== undefined) {
    if (can.sampling) request.temperature = options.temperature;
    else dropped("temperature");
  }
  if (options.topP !== undefined) {
    if (can.sampling) request.topP = options.topP;
    else dropped("topP");
  }
  if (options.seed !== undefined) {
    if (can.seed) request.seed = options.seed;
    else dropped("seed");
  }
  if (options.stopSequences !== undefined && options.stopSequences.length > 0) {
    if (can.stopSequences) request.stopSequences = options.stopSequences;
    else dropped("stopSequences");
  }
  if (options.reasoningEffort !== undefined) {
    if (can.reasoningEffort.includes(options.reasoningEffort)) request.reasoningEffort = options.reasoningEffort;
    else dropped(`reasoningEffort "${options.reasoningEffort}"`);
  }
  if (options.maxOutputTokens !== undefined) {
    const cap = can.maxOutputTokens;
    if (cap !== null && options.maxOutputTokens > cap) {
      request.maxOutputTokens = cap;
      warnings.push(`${provider}/${model} answers with at most ${cap} tokens: maxOutputTokens lowered`);
    } else request.maxOutputTokens = options.maxOutputTokens;
  }
  if (options.tools !== undefined && Object.keys(options.tools).length > 0) {
    request.tools = options.tools;
    if (options.toolChoice !== undefined) request.toolChoice = options.toolChoice;
  }
  if (options.responseFormat !== undefined) request.responseFormat = options.responseFormat;
  const own = ownValue(options.providerOptions, provider);
  if (own !== undefined) request.providerOptions = own;
  return { request, warnings };
}
