/** Characters a token, as callers without a tokenizer estimate it too. */
export const CHARS_PER_TOKEN = 4;

/** What a message costs beside its text. */
const TOKENS_PER_MESSAGE = 4;

/** An estimate of the tokens of a text. */
export const estimatedTokens = (text: string): number => Math.ceil(text.length / CHARS_PER_TOKEN);

/** An estimate of the tokens of a prompt. */
export const promptTokens = (chars: number, messages: number): number =>
  Math.ceil(chars / CHARS_PER_TOKEN) + TOKENS_PER_MESSAGE * messages;
