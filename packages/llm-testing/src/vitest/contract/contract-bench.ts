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

/** What the suite gives to the factory of the provider under test. All of it is to be passed on. */
export interface ContractFactoryOptions {
  readonly apiKey?: string;
  readonly baseURL?: string;
  /** Given in the cases that look at, or break, what is sent; the factory hands it on. */
  readonly fetch?: typeof globalThis.fetch;
}

/** Makes the provider under test. */
export type ContractFactory = (options: ContractFactoryOptions) => Provider;

/** Options of {@link testProvider}. */
export interface ContractOptions {
  /** The vendor whose wire the provider speaks, or a server of your own. */
  readonly wire: SimulatedProvider | (() => Promise<ContractServer>);
  /** The model that the cases ask. Default: the provider's default model. */
  readonly model?: string | undefined;
  /** Cases that do not apply, by their name, each with its reason. */
  readonly skip?: Readonly<Record<string, string>> | undefined;
}

/** An answer as it came, with the error that ended it. */
export interface Collected {
  readonly parts: readonly StreamPart[];
  /** What was thrown; `null`: nothing. */
  readonly error: unknown;
  /** The parts put together; `null` without a finish part. */
  readonly response: ModelResponse | null;
}

/** An attempt's context that remembers what it was told. */
export interface ContractContext extends AttemptContext {
  readonly heads: readonly ResponseHead[];
  /** All reports so far, put together. */
  told(): AttemptReport;
}

/** What the cases work with. */
export interface ContractBench {
  /** `null`: a server of one's own. */
  readonly wire: SimulatedProvider | null;
  readonly model: string;
  readonly server: ContractServer;
  /** The provider pointed at the server; without a server when none runs yet. */
  provider(options?: ContractFactoryOptions): Provider;
  /** A provider whose options hold nothing: it lives from the environment. */
  bareProvider(): Provider;
  context(fields?: Partial<AttemptContext>): ContractContext;
  request(fields?: Partial<ModelRequest>): ModelRequest;
  collect(request: ModelRequest, context?: AttemptContext, provider?: Provider): Promise<Collected>;
  /** What a promise rejects with; throws when it resolves. */
  rejection(promise: Promise<unknown>): Promise<unknown>;
  /** Registers a case, or the reason why it is left out. */
  test(name: string, run: (context: TestContext) => Promise<void> | void): void;
}

/** Nothing listens there: discard, on loopback. */
const NOWHERE = "http://127.0.0.1:9";

/** Sets up the server for the cases of a suite. */
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
    let told: AttemptReport = {};
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
        told = { ...told, ...more };
      },
      ...fields,
      heads,
      told: () => told,
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
      else it.skip(`${name} (left out: ${reason})`, run);
    },
  };
}
