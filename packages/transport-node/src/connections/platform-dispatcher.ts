import type { Dispatcher } from "./dispatcher.ts";

/** Where undici 6 and 7 keep the dispatcher that `fetch` uses. It is there as soon as Node has loaded its undici. */
const SLOT: unique symbol = Symbol.for("undici.globalDispatcher.1");

/** As much of Node's globals as is looked at here; on another platform they are missing. */
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

/** The file of Node's own undici: in the source of its `fetch`, and in the stack of what it throws. */
const OWN_UNDICI = "internal/deps/undici/undici";

/** What undici says, before anything else, to who gives no handler. */
const REFUSAL = "handler must be an object";

/** Handler methods of other versions are unknown here. */
const KNOWN_VERSIONS = /^[67]\./;

/**
 * Creates a function that gives the dispatcher below Node's own `fetch`, or `null` where there is none that may be used in place of
 * `fetch`: another platform, an unknown version, or an application that replaced `fetch` or set a dispatcher of its own, by which it
 * may want requests to go through a proxy, a mock or an instrumentation. With `NODE_USE_ENV_PROXY=1` Node's own is one that keeps to
 * `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` of the process.
 *
 * To be asked at each request, because all of this may change while a process runs; the answer for the same values is remembered.
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

/** Node loads its undici when one of these globals is touched. */
function loadDispatcher(): unknown {
  return globals.Response === undefined ? undefined : globals[SLOT];
}

function hasOwnSource(fetch: unknown): boolean {
  const { undici = "" } = globals.process?.versions ?? {};
  if (typeof fetch !== "function" || !KNOWN_VERSIONS.test(undici)) return false;
  return Function.prototype.toString.call(fetch).includes(OWN_UNDICI);
}

/**
 * Whether a dispatcher is of Node's own undici and not of one that the application installed. Nothing says so but where its code
 * stands, so it is asked for something that it refuses; anyone else's code is not called at all.
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

/** Keeps the last answer. */
function remember(check: (value: unknown) => boolean): (value: unknown) => boolean {
  let last: { readonly value: unknown; readonly answer: boolean } = { value: undefined, answer: false };
  return (value) => {
    if (value !== last.value) last = { value, answer: check(value) };
    return last.answer;
  };
}
