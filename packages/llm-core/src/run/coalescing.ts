import type { CallOptions } from "../contract/call-options.ts";
import type { TextResult } from "../contract/result.ts";
import { LLMError } from "../errors/llm-error.ts";
import { nameCredentials } from "../keys/create-key-namer.ts";
import { unwatchSignal, watchSignal } from "./watch-signal.ts";

/** Options that say how a call is made or noted, not what is asked. */
const NOT_ASKED: ReadonlySet<string> = new Set([
  "abortSignal",
  "callId",
  "coalesce",
  "credentials",
  "deadline",
  "metadata",
  "onAttempt",
  "priority",
  "purpose",
]);

/** Calls that ask the same with the same key have the same name. */
export function callKey(options: CallOptions): string {
  const asked = Object.entries(options).filter(([name, value]) => value !== undefined && !NOT_ASKED.has(name));
  const keys = Object.entries(options.credentials ?? {}).map(([id, own]) => [id, nameCredentials({}, own)]);
  return JSON.stringify([asked.toSorted(([a], [b]) => (a < b ? -1 : 1)), keys]);
}

/** One call that several callers wait for. */
export interface SharedCall {
  readonly callId: string;
  readonly result: Promise<TextResult>;
  /** One more waits. Returns how to leave: the last one who does aborts the call, and is told so by `true`. */
  join(): (reason: unknown) => boolean;
}

/** Calls in flight that may be shared, by what they ask. */
export interface Coalescing {
  /** The call in flight with this key, if any. */
  find(key: string): SharedCall | undefined;
  /** Begins a call that others may join. */
  begin(key: string, callId: string, run: (abortSignal: AbortSignal) => Promise<TextResult>): SharedCall;
}

/** An empty book of calls in flight. */
export function createCoalescing(): Coalescing {
  const shared = new Map<string, SharedCall>();
  return {
    find: (key) => shared.get(key),
    begin(key, callId, run) {
      const controller = new AbortController();
      let waiting = 0;
      const forget = () => {
        if (shared.get(key) === entry) shared.delete(key);
      };
      const result = run(controller.signal);
      const entry: SharedCall = {
        callId,
        result,
        join() {
          waiting += 1;
          return (reason) => {
            waiting -= 1;
            if (waiting > 0) return false;
            forget();
            controller.abort(reason);
            return true;
          };
        },
      };
      shared.set(key, entry);
      result.then(forget, forget);
      return entry;
    },
  };
}

/** One who waits for a shared call until the signal says otherwise. The last to leave is told by the call itself how it ended. */
export function leaveOnAbort(shared: SharedCall, signal: AbortSignal | undefined, callId: string): Promise<TextResult> {
  const leave = shared.join();
  if (signal === undefined) return shared.result;
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      if (leave(signal.reason)) return;
      reject(new LLMError({ code: "aborted", message: "the caller aborted the call", callId, cause: signal.reason }));
    };
    watchSignal(signal, onAbort);
    const done = () => unwatchSignal(signal, onAbort);
    shared.result.then(resolve, reject).finally(done);
  });
}
