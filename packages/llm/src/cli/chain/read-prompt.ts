import { UsageError } from "../arguments/usage-error.ts";
import type { CliHost } from "../cli-host.ts";

/** The maximum length of a prompt from standard input: more than any model supports. */
const MAX_BYTES = 32 * 1024 * 1024;

/**
 * The prompt from the command line; a single `-` reads standard input.
 *
 * @throws UsageError if it is empty or too long
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
      // Not awaited: it would wait for more input.
      void chunks.return?.();
      abortSignal.throwIfAborted();
    }
    if (next === null || next.done === true) return text + decoder.decode();
    text += typeof next.value === "string" ? next.value : decoder.decode(next.value, { stream: true });
    if (text.length > MAX_BYTES) throw new UsageError("standard input is longer than 32 MB");
  }
}
