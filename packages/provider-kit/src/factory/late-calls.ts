import type { AttemptContext, PartStream, Provider, StreamPart } from "@babylon/llm-core";
import { abortable } from "../http/abortable.ts";

/** The part of a provider that talks to its vendor: requests, replies, the SDK. */
export type ProviderCalls = Required<Pick<Provider, "generate" | "stream" | "listModels">>;

/**
 * The calls of a provider, loaded by the first one and shared by all that follow, so that a provider which serves no call costs next to
 * nothing. Who waits for it can be aborted.
 *
 * @param load - called again when it failed
 */
export function lateCalls(load: () => Promise<ProviderCalls>): ProviderCalls {
  let calls: ProviderCalls | null = null;
  let loading: Promise<ProviderCalls> | null = null;

  async function loaded(signal: AbortSignal): Promise<ProviderCalls> {
    loading ??= load().then(
      (made) => {
        calls = made;
        return made;
      },
      (error: unknown) => {
        loading = null;
        throw error;
      },
    );
    return abortable(loading, signal);
  }

  function loadedFor({ report, signal }: AttemptContext): Promise<ProviderCalls> {
    report?.({ sent: false });
    return loaded(signal);
  }

  return {
    generate: (request, context) =>
      calls?.generate(request, context) ?? loadedFor(context).then((made) => made.generate(request, context)),
    stream: (request, context) =>
      calls?.stream(request, context) ??
      lateParts(() => loadedFor(context).then((made) => made.stream(request, context))),
    listModels: (context) =>
      calls?.listModels(context) ?? loaded(context.signal).then((made) => made.listModels(context)),
  };
}

/** The parts of a stream that is opened at the first pull. For one reader. */
function lateParts(open: () => Promise<PartStream>): AsyncIterableIterator<StreamPart> {
  let opened: AsyncIterator<StreamPart> | null = null;
  let isLeft = false;

  async function begin(): Promise<IteratorResult<StreamPart>> {
    const stream = await open();
    // Its reader left while it was on its way: nothing is sent.
    if (isLeft) return { done: true, value: undefined };
    opened = stream[Symbol.asyncIterator]();
    return opened.next();
  }

  return {
    next: () => opened?.next() ?? begin(),
    async return() {
      isLeft = true;
      await opened?.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
