import type { CliHost } from "./cli-host.ts";
import { UsageError } from "./usage-error.ts";

/** The longest prompt that is read from standard input: more than any model takes. */
const LONGEST_BYTES = 32 * 1024 * 1024;

/**
 * The prompt of the words on the command line; a single `-` stands for standard input.
 *
 * @throws UsageError when there is none, or standard input gives no end of it
 */
export async function readPrompt(words: readonly string[], { stdin, abortSignal }: CliHost): Promise<string> {
  const isInput = words.length === 1 && words[0] === "-";
  const text = isInput ? await readAll(stdin, abortSignal) : words.join(" ");
  if (text.trim() === "") throw new UsageError(isInput ? "standard input is empty" : "the prompt is empty");
  return text;
}

async function readAll(stdin: CliHost["stdin"], abortSignal: AbortSignal): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  const chunks = stdin[Symbol.asyncIterator]();
  const stopped = new Promise<null>((resolve) => {
    if (abortSignal.aborted) resolve(null);
    else abortSignal.addEventListener("abort", () => resolve(null), { once: true });
  });
  for (;;) {
    const next = await Promise.race([chunks.next(), stopped]);
    if (next === null) {
      // Waiting for it would be waiting for the input.
      void chunks.return?.();
      abortSignal.throwIfAborted();
    }
    if (next === null || next.done === true) return text + decoder.decode();
    text += typeof next.value === "string" ? next.value : decoder.decode(next.value, { stream: true });
    if (text.length > LONGEST_BYTES) throw new UsageError("standard input is longer than 32 MB");
  }
}
