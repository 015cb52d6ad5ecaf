import type { AttemptContext, PartStream, Provider, StreamPart } from "@babylon/llm-core";
import { abortable } from "../http/abortable.ts";

/** The part of a provider that sends requests and reads replies, with the SDK. */
export type ProviderCalls = Required<Pick<Provider, "generate" | "stream" | "listModels">>;

/**
 * Creates the calls of a provider, which are loaded by the first call and shared by all later ones, so that an unused provider costs almost
 * nothing. The wait for the load can be aborted.
 *
 * @param load - called again if it failed
 */
export function createLazyCalls(load: () => Promise<ProviderCalls>): ProviderCalls {
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
      lazyParts(() => loadedFor(context).then((made) => made.stream(request, context))),
    listModels: (context) =>
      calls?.listModels(context) ?? loaded(context.signal).then((made) => made.listModels(context)),
  };
}

/** The parts of a stream that is opened at the first pull. For a single consumer. */
function lazyParts(open: () => Promise<PartStream>): AsyncIterableIterator<StreamPart> {
  let opened: AsyncIterator<StreamPart> | null = null;
  let isCanceled = false;

  async function begin(): Promise<IteratorResult<StreamPart>> {
    const stream = await open();
    // Canceled while the calls were loading: no request is sent.
    if (isCanceled) return { done: true, value: undefined };
    opened = stream[Symbol.asyncIterator]();
    return opened.next();
  }

  return {
    next: () => opened?.next() ?? begin(),
    async return() {
      isCanceled = true;
      await opened?.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
