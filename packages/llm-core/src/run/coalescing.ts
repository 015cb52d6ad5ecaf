import type { CallOptions } from "../contract/call-options.ts";
import type { TextResult } from "../contract/result.ts";
import { LLMError } from "../errors/llm-error.ts";
import { fingerprintCredentials } from "../keys/create-key-fingerprinter.ts";
import { unwatchSignal, watchSignal } from "./watch-signal.ts";

/** Options that do not change the content of the request. */
const NON_CONTENT_OPTIONS: ReadonlySet<string> = new Set([
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

/**
 * The key of a call: equal for calls with the same content and the same credentials.
 *
 * @param isRouted - whether the client has a router: the purpose of a call may then choose its model
 */
export function callKey(options: CallOptions, isRouted: boolean): string {
  const content = Object.entries(options).filter(
    ([name, value]) => value !== undefined && (!NON_CONTENT_OPTIONS.has(name) || (isRouted && name === "purpose")),
  );
  const keys = Object.entries(options.credentials ?? {}).map(([id, own]) => [id, fingerprintCredentials({}, own)]);
  return JSON.stringify([content.toSorted(([a], [b]) => (a < b ? -1 : 1)), keys]);
}

/** One call shared by several callers. */
export interface SharedCall {
  readonly callId: string;
  readonly result: Promise<TextResult>;
  /** Adds a caller. Returns a function that removes it: removing the last caller aborts the call and returns `true`. */
  join(): (reason: unknown) => boolean;
}

/** Calls in flight that may be shared, by key. */
export interface Coalescing {
  /** The call in flight with this key; `undefined`: none. */
  find(key: string): SharedCall | undefined;
  /** Starts a call that others may join. */
  begin(key: string, callId: string, run: (abortSignal: AbortSignal) => Promise<TextResult>): SharedCall;
}

/** Creates an empty registry of shared calls. */
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

/**
 * Waits for a shared call until the signal is aborted. If the last caller leaves, the shared call itself is aborted, and its error is
 * returned.
 */
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
