import { type Message, type MessagePart, uniqueId } from "@babylon/llm-core";

/** The ids of tool calls that a vendor accepts. */
export interface ToolIdForm {
  /** A global pattern of the characters that are refused. Each becomes `_`. */
  readonly refused?: RegExp | undefined;
  /** Default: any length. */
  readonly maxLength?: number | undefined;
}

/**
 * Makes the ids of tool calls unique and valid for a vendor, and renames the results with their calls. Some servers omit ids or restart
 * their numbering in each turn, and the links of a chain may use equal ids. A result is assigned to the first unanswered call with its id in
 * the preceding assistant turn. Valid ids do not change, and the ids of earlier turns never depend on later ones, so that prompt caches
 * stay valid. Pure.
 */
export function withToolIds(messages: readonly Message[], { refused, maxLength }: ToolIdForm): readonly Message[] {
  const usedIds = new Set<string>();
  /** The new ids of unanswered calls of the latest turn, in order, by their old id. */
  let waiting = new Map<string, string[]>();
  /** The latest new id for each old id. */
  const latest = new Map<string, string>();
  /** The latest turn of calls has ended, with a result or a user message. */
  let isOver = false;

  const inForm = (id: string): string => (refused === undefined ? id : id.replace(refused, "_")) || "call";

  function nameCall(id: string): string {
    const unique = uniqueId(inForm(id), usedIds, maxLength);
    usedIds.add(unique);
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
