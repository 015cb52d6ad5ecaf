import type { Dispatcher } from "./dispatcher.ts";

/** The property in which undici 6 and 7 keep the dispatcher of `fetch`. Set once Node has loaded its undici. */
const SLOT: unique symbol = Symbol.for("undici.globalDispatcher.1");

/** The globals of Node that are used here; on other platforms they are missing. */
interface NodeGlobals {
  readonly process?: {
    readonly versions?: Readonly<Record<string, string | undefined>>;
    getBuiltinModule?(name: "node:util/types"): { isProxy(value: unknown): boolean };
  };
  readonly fetch?: unknown;
  readonly Response?: unknown;
  readonly [SLOT]?: unknown;
}

const globals: NodeGlobals = globalThis;

/** The file of Node's own undici, as it appears in the source of `fetch` and in the stack of errors. */
const OWN_UNDICI = "internal/deps/undici/undici";

/** The message with which undici rejects a request without a handler, before any other check. */
const REFUSAL = "handler must be an object";

/** Other versions may call other handler methods. */
const KNOWN_VERSIONS = /^[67]\./;

/**
 * Creates a function that returns the dispatcher of Node's own `fetch`. It returns `null` when requests must go through `fetch`: on another
 * platform, with an unknown version of undici, and when the application replaced `fetch` or the global dispatcher, for example by a proxy, a
 * mock or an instrumentation. With `NODE_USE_ENV_PROXY=1` the dispatcher of Node applies `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` of the
 * process.
 *
 * Call it for each request, because all of this may change while the process runs; the result for the same values is cached.
 */
export function createDispatcherFinder(): () => Dispatcher | null {
  const isOwnFetch = remember(hasOwnSource);
  const isOwnDispatcher = remember(throwsFromOwnFile);

  return () => {
    if (!isOwnFetch(globals.fetch)) return null;
    const dispatcher = globals[SLOT] ?? loadDispatcher();
    return isOwnDispatcher(dispatcher) ? (dispatcher as Dispatcher) : null;
  };
}

/** Node loads its undici on the first access to one of these globals. */
function loadDispatcher(): unknown {
  return globals.Response === undefined ? undefined : globals[SLOT];
}

function hasOwnSource(fetch: unknown): boolean {
  const { undici = "" } = globals.process?.versions ?? {};
  if (typeof fetch !== "function" || !KNOWN_VERSIONS.test(undici)) return false;
  return Function.prototype.toString.call(fetch).includes(OWN_UNDICI);
}

/**
 * Whether a dispatcher belongs to Node's own undici and not to an installed one. Only the file of its code distinguishes them, so an
 * invalid request is made and the stack of the error is read; code of other origin is not called.
 */
function throwsFromOwnFile(dispatcher: unknown): boolean {
  if (typeof dispatcher !== "object" || dispatcher === null) return false;
  // `compose` of undici wraps a dispatcher with interceptors, which are code of the application.
  if (globals.process?.getBuiltinModule?.("node:util/types").isProxy(dispatcher) !== false) return false;
  const { dispatch } = dispatcher as { dispatch?: unknown };
  if (typeof dispatch !== "function" || !Function.prototype.toString.call(dispatch).includes(REFUSAL)) return false;
  try {
    dispatch.call(dispatcher, {}, null);
    return false;
  } catch (thrown) {
    const [, frame] = thrown instanceof Error ? String(thrown.stack).split("\n    at ") : [];
    return frame?.includes(`node:${OWN_UNDICI}`) === true;
  }
}

/** Caches the last result. */
function remember(check: (value: unknown) => boolean): (value: unknown) => boolean {
  let last: { readonly value: unknown; readonly result: boolean } = { value: undefined, result: false };
  return (value) => {
    if (value !== last.value) last = { value, result: check(value) };
    return last.result;
  };
}
