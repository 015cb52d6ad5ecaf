/** Characters per token, a common estimate. */
export const CHARS_PER_TOKEN = 4;

/** Overhead of a message. */
const TOKENS_PER_MESSAGE = 4;

/** An estimate of the tokens of a text. */
export const estimatedTokens = (text: string): number => Math.ceil(text.length / CHARS_PER_TOKEN);

/** An estimate of the tokens of a prompt. */
export const promptTokens = (chars: number, messages: number): number =>
  Math.ceil(chars / CHARS_PER_TOKEN) + TOKENS_PER_MESSAGE * messages;
