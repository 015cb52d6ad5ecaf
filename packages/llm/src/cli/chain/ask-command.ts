import {
  createLLMClient,
  type GenerateTextOptions,
  type LLMClient,
  type StreamEvent,
  type TextResult,
} from "@babylon/llm-core";
import { formatDuration } from "@babylon/llm-core/status";
import { secondsFlag, textFlag } from "../arguments/read-flag.ts";
import { UsageError } from "../arguments/usage-error.ts";
import type { Command, CommandContext } from "../command-context.ts";
import { EXIT } from "../exit-code.ts";
import { openCliStore } from "../settings/open-cli-store.ts";
import { readPrompt } from "./read-prompt.ts";

/** Sends a prompt and prints the answer. */
export const askCommand: Command = async (context) => {
  const { host, operands, flags, providers, environment, json, print } = context;
  const totalMs = secondsFlag(flags, "timeout");
  const prompt = await readPrompt(operands, host);
  const { store } = await openCliStore(context, "read");
  const llm = createLLMClient({ providers, settings: store, env: environment.env });
  try {
    const options: GenerateTextOptions = {
      prompt,
      system: textFlag(flags, "system"),
      agent: textFlag(flags, "agent"),
      purpose: "cli",
      abortSignal: host.abortSignal,
      timeouts: totalMs === undefined ? undefined : { totalMs, firstTokenMs: totalMs, attemptMs: totalMs },
      ...(await chooseLink(llm, context)),
    };
    const result = flags.has("stream") ? await printStream(llm, options, context) : await llm.generateText(options);
    if (json) {
      if (!flags.has("stream")) print.json({ ok: true, ...toJSON(result) });
    } else {
      if (!flags.has("stream")) print.text(result.text);
      if (!result.text.endsWith("\n")) print.text("\n");
      print.note(...summary(result).map(print.noteStyles.dim));
    }
    return EXIT.ok;
  } finally {
    await llm.close();
    await store.close();
  }
};

/** Provider and model of the call. A model without a provider selects the first link of the chain that lists it, without fallback. */
async function chooseLink(
  llm: LLMClient,
  { flags, providers }: CommandContext,
): Promise<Pick<GenerateTextOptions, "provider" | "models">> {
  const provider = textFlag(flags, "provider");
  const model = textFlag(flags, "model");
  if (provider !== undefined && !providers.some(({ id }) => id === provider)) {
    throw new UsageError(`unknown provider "${provider}": expected one of ${providers.map(({ id }) => id).join(", ")}`);
  }
  if (model === undefined) return { provider };
  if (provider !== undefined) return { provider, models: { [provider]: model } };
  const { links } = await llm.plan();
  const listing = links.find((link) =>
    providers.some(({ id, models }) => id === link.provider && models.some((known) => known.id === model)),
  );
  if (listing === undefined) {
    throw new UsageError(`no provider of the chain lists the model "${model}": set its provider with --provider`);
  }
  return { provider: listing.provider, models: { [listing.provider]: model } };
}

/** Prints a stream while it arrives. After an interruption the answer restarts on a terminal; in a file printed text cannot be removed. */
async function printStream(
  llm: LLMClient,
  options: GenerateTextOptions,
  { json, print }: CommandContext,
): Promise<TextResult> {
  const onInterrupted = json || print.isTerminal ? "restart" : "throw";
  await using stream = llm.streamText({ ...options, onInterrupted });
  for await (const event of stream) {
    if (json) print.json(eventToJSON(event), "line");
    else if (event.type === "text") print.text(event.text);
    else if (event.type === "restart") {
      print.text("\n");
      print.note(
        print.noteStyles.warning(`${event.from.provider} was interrupted; restarting with ${event.to.provider}`),
      );
    }
  }
  return stream.result;
}

function eventToJSON(event: StreamEvent): object {
  return event.type === "finish" ? { type: "finish", ok: true, ...toJSON(event.result) } : event;
}

function toJSON({ message: _message, ...facts }: TextResult): object {
  return facts;
}

/** Failed attempts; then provider, model, duration and tokens; then warnings. Pure. */
export function summary(result: TextResult): string[] {
  const { provider, model, durationMs, usage, attempts, finishReason, warnings } = result;
  const failed = attempts.flatMap(({ provider: id, error }) =>
    error === undefined ? [] : [`${id}: ${error.message}`],
  );
  const tokens = `${usage.inputTokens ?? "?"} + ${usage.outputTokens ?? "?"} tokens`;
  const cut = finishReason === "stop" ? [] : [`finish reason: ${finishReason}`];
  return [...failed, [`${provider} ${model}`, formatDuration(durationMs), tokens, ...cut].join(", "), ...warnings];
}
