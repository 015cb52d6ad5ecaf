import { type Message, type MessagePart, uniqueId } from "@babylon/llm-core";

/** The ids of tool calls that a vendor takes. */
export interface ToolIdForm {
  /** Characters that are refused; global. Each becomes `_`. */
  readonly refused?: RegExp | undefined;
  /** Default: any length. */
  readonly maxLength?: number | undefined;
}

/**
 * A conversation whose tool calls have ids of this form that differ from each other, and whose results have the ids of their calls.
 * Servers leave ids out, or count anew with each turn, and links of one chain use the same ones. A result belongs to the first call of
 * its id that has none yet, in the latest turn of the assistant before it. What is well already stays as it is; the ids of earlier turns
 * never depend on later ones. Pure.
 */
export function withToolIds(messages: readonly Message[], { refused, maxLength }: ToolIdForm): readonly Message[] {
  const taken = new Set<string>();
  /** The new ids of the latest turn's calls, by the old ones: those without a result first to last. */
  let waiting = new Map<string, string[]>();
  /** The new id that an old one stood for last. */
  const latest = new Map<string, string>();
  /** Results have come, or the user has spoken: the next calls are another turn's. */
  let isOver = false;

  const inForm = (id: string): string => (refused === undefined ? id : id.replace(refused, "_")) || "call";

  function nameCall(id: string): string {
    const unique = uniqueId(inForm(id), taken, maxLength);
    taken.add(unique);
    latest.set(id, unique);
    const same = waiting.get(id);
    if (same === undefined) waiting.set(id, [unique]);
    else same.push(unique);
    return unique;
  }

  function rename(part: MessagePart): MessagePart {
    if (part.type === "tool-call") {
      const id = nameCall(part.id);
      return id === part.id ? part : { ...part, id };
    }
    if (part.type !== "tool-result") return part;
    isOver = true;
    const old = part.toolCallId;
    const toolCallId = waiting.get(old)?.shift() ?? latest.get(old) ?? inForm(old).slice(0, maxLength);
    return toolCallId === old ? part : { ...part, toolCallId };
  }

  return messages.map((message) => {
    if (message.role === "user") isOver = true;
    if (message.role !== "assistant" && message.role !== "tool") return message;
    if (typeof message.content === "string") return message;
    if (message.role === "assistant" && isOver) {
      waiting = new Map();
      isOver = false;
    }
    const parts: readonly MessagePart[] = message.content;
    const content = parts.map(rename);
    // Each part has the type that it had.
    return content.every((part, index) => part === parts[index]) ? message : ({ ...message, content } as Message);
  });
}
