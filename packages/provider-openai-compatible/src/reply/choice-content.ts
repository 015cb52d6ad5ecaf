import type { JsonObject } from "@babylon/llm-core";
import { fieldOf, stringField } from "@babylon/provider-kit";
import { fromMessage, type MessageText, reasoningDetailsOf, type ToolCallPiece, toolCallsOf } from "./from-message.ts";

/** The content of a choice in a response or a chunk. */
export interface ChoiceContent {
  readonly texts: MessageText;
  readonly pieces: readonly ToolCallPiece[];
  readonly reasoningDetails: readonly JsonObject[];
  /** It is a complete `message`, not a `delta`. */
  readonly isMessage: boolean;
}

const NO_PIECES: readonly ToolCallPiece[] = [];

/** Whether there is neither text nor a piece of a tool call. */
export const isEmptyContent = ({ texts, pieces }: ChoiceContent): boolean =>
  texts.text === "" && texts.reasoning === "" && texts.refusal === "" && pieces.length === 0;

const contentOf = (value: unknown, isMessage: boolean): ChoiceContent => ({
  texts: fromMessage(value),
  pieces: value === undefined ? NO_PIECES : toolCallsOf(value),
  reasoningDetails: reasoningDetailsOf(value),
  isMessage,
});

/** Reads a choice: its `delta`, its `message`, or the `text` of the older completions. */
export function readChoice(choice: unknown): ChoiceContent {
  const delta = contentOf(fieldOf(choice, "delta"), false);
  if (!isEmptyContent(delta)) return delta;
  const message = contentOf(fieldOf(choice, "message"), true);
  if (!isEmptyContent(message)) return message;
  const text = stringField(choice, "text");
  return text === null ? delta : { ...delta, texts: { ...delta.texts, text } };
}

const membersOf = (choice: unknown): readonly unknown[] => [fieldOf(choice, "delta"), fieldOf(choice, "message")];

/** Whether a choice has a message, even an empty one. */
export const hasMessage = (choice: unknown): boolean =>
  [...membersOf(choice), fieldOf(choice, "text")].some((member) => member !== undefined && member !== null);

/** Whether a choice states the role of its message, as the first chunk of an answer does. */
export const hasRole = (choice: unknown): boolean =>
  membersOf(choice).some((member) => stringField(member, "role") !== null);
