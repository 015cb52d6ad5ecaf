import {
  type AttemptContext,
  type AttemptReport,
  fromParts,
  type ModelRequest,
  type ModelResponse,
  type Provider,
  type ResponseHead,
  type StreamPart,
  systemClock,
} from "@babylon/llm-core";
import { afterAll, beforeAll, beforeEach, it, type TestContext } from "vitest";
import type { SimulatedProvider } from "../../simulator/simulated-provider.ts";
import { type ContractServer, startVendor } from "./contract-server.ts";

/** The options that the suite passes to the factory of the provider under test. The factory must pass on all of them. */
export interface ContractFactoryOptions {
  readonly apiKey?: string;
  readonly baseURL?: string;
  /** Set in the cases that inspect or break requests. */
  readonly fetch?: typeof globalThis.fetch;
}

/** Creates the provider under test. */
export type ContractFactory = (options: ContractFactoryOptions) => Provider;

/** Options of {@link testProvider}. */
export interface ContractOptions {
  /** The vendor whose API the provider uses, or a server of your own. */
  readonly wire: SimulatedProvider | (() => Promise<ContractServer>);
  /** The model of the requests. Default: the provider's default model. */
  readonly model?: string | undefined;
  /** Cases that do not apply, by their name, each with its reason. */
  readonly skip?: Readonly<Record<string, string>> | undefined;
}

/** The parts of an answer, and the error that ended it. */
export interface Collected {
  readonly parts: readonly StreamPart[];
  /** The thrown error; `null` if there was none. */
  readonly error: unknown;
  /** The answer that the parts form; `null` without a finish part. */
  readonly response: ModelResponse | null;
}

/** An attempt's context that records its reports. */
export interface ContractContext extends AttemptContext {
  readonly heads: readonly ResponseHead[];
  /** All reports so far, merged. */
  reported(): AttemptReport;
}

/** The fixtures of the cases. */
export interface ContractBench {
  /** `null`: a custom server. */
  readonly wire: SimulatedProvider | null;
  readonly model: string;
  readonly server: ContractServer;
  /** The provider with the server's base URL; without it if no server runs yet. */
  provider(options?: ContractFactoryOptions): Provider;
  /** A provider without options, which is configured by the environment. */
  bareProvider(): Provider;
  context(fields?: Partial<AttemptContext>): ContractContext;
  request(fields?: Partial<ModelRequest>): ModelRequest;
  collect(request: ModelRequest, context?: AttemptContext, provider?: Provider): Promise<Collected>;
  /** The rejection of a promise; throws if it resolves. */
  rejection(promise: Promise<unknown>): Promise<unknown>;
  /** Registers a case, or skips it with its reason. */
  test(name: string, run: (context: TestContext) => Promise<void> | void): void;
}

/** A loopback port without a server (discard). */
const NOWHERE = "http://127.0.0.1:9";

/** Starts the server for the cases of a suite. */
export function createContractBench(factory: ContractFactory, options: ContractOptions): ContractBench {
  const { wire, skip = {} } = options;
  const bare = factory({});
  const model = options.model ?? bare.defaultModel;
  let running: ContractServer | undefined;
  let lastCall = 0;

  beforeAll(async () => {
    running = typeof wire === "function" ? await wire() : await startVendor(wire, {});
  });
  beforeEach(() => running?.reset());
  afterAll(() => running?.close());

  const server = (): ContractServer => {
    if (running === undefined) throw new Error("the server of the contract suite runs in tests alone");
    return running;
  };
  const provider = (own: ContractFactoryOptions = {}): Provider =>
    factory({ apiKey: running?.apiKey ?? "no-key-yet", baseURL: running?.baseURL ?? NOWHERE, ...own });
  const context = (fields: Partial<AttemptContext> = {}): ContractContext => {
    const heads: ResponseHead[] = [];
    let reported: AttemptReport = {};
    lastCall += 1;
    return {
      signal: new AbortController().signal,
      env: {},
      clock: systemClock,
      callId: `contract-${lastCall}`,
      credentials: null,
      limitMs: 10_000,
      onResponse: (head) => void heads.push(head),
      report(more) {
        reported = { ...reported, ...more };
      },
      ...fields,
      heads,
      reported: () => reported,
    };
  };
  return {
    wire: typeof wire === "function" ? null : wire,
    model,
    get server() {
      return server();
    },
    provider,
    bareProvider: () => factory({}),
    context,
    request: (fields = {}) => ({
      model,
      messages: [{ role: "user", content: "Write a post about the recount." }],
      ...fields,
    }),
    async collect(request, own = context(), from = provider()) {
      const parts: StreamPart[] = [];
      let error: unknown = null;
      try {
        for await (const part of from.stream(request, own)) parts.push(part);
      } catch (thrown) {
        error = thrown;
      }
      return { parts, error, response: error === null ? fromParts(parts) : null };
    },
    async rejection(promise) {
      let value: unknown;
      try {
        value = await promise;
      } catch (thrown) {
        return thrown;
      }
      throw new Error(`expected a rejection, got ${JSON.stringify(value)}`);
    },
    test(name, run) {
      const reason = skip[name];
      if (reason === undefined) it(name, run);
      else it.skip(`${name} (skipped: ${reason})`, run);
    },
  };
}
