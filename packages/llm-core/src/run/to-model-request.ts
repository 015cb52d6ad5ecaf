import type { CallOptions } from "../contract/call-options.ts";
import { ownValue } from "../contract/json.ts";
import type { AssistantMessage, Message } from "../contract/message.ts";
import type { ModelRequest } from "../contract/provider.ts";
import type { ChainLink } from "../plan/plan-chain.ts";

/** A request fitted to one link, with a warning for each dropped option. */
export interface FittedRequest {
  readonly request: ModelRequest;
  readonly warnings: readonly string[];
}

/**
 * The conversation of a call: `system`, then the messages or the prompt. A copy, because callers may append to their list while a call
 * runs.
 */
export function conversationOf({ system, prompt, messages }: CallOptions): readonly Message[] {
  const before: readonly Message[] = system === undefined ? [] : [{ role: "system", content: system }];
  return before.concat(messages ?? [{ role: "user", content: prompt ?? "" }]);
}

type AssistantPart = Exclude<AssistantMessage["content"], string>[number];

/** The part without vendor data, for another link; `null`: omitted. */
function withoutOrigin(part: AssistantPart): AssistantPart | null {
  if (part.type !== "tool-call") return null;
  const { origin: _, data: __, ...call } = part;
  return call;
}

/** Removes reasoning and vendor data of tool calls that came from another model: other models refuse their signatures. */
function withoutForeignData(message: Message, provider: string, model: string): Message | null {
  if (message.role !== "assistant" || typeof message.content === "string") return message;
  const isForeign = (part: AssistantPart) =>
    (part.type === "reasoning" || (part.type === "tool-call" && part.data !== undefined)) &&
    (part.origin?.provider !== provider || part.origin.model !== model);
  if (!message.content.some(isForeign)) return message;
  const content = message.content.flatMap((part) => (isForeign(part) ? (withoutOrigin(part) ?? []) : part));
  const fitted: AssistantMessage = { ...message, content };
  return content.length === 0 ? null : fitted;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Fits a call to a link: options that the model does not support are dropped, each with a warning. Pure. */
export function toModelRequest(link: ChainLink, options: CallOptions, conversation: readonly Message[]): FittedRequest {
  const { provider, model, capabilities: can } = link;
  const warnings: string[] = [];
  const dropped = (option: string) => warnings.push(`${provider}/${model} does not support ${option}: dropped`);

  let messages = conversation;
  if (conversation.some(({ role, content }) => role === "assistant" && typeof content !== "string")) {
    messages = conversation.flatMap((message) => withoutForeignData(message, provider, model) ?? []);
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
