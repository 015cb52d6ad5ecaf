import type { Fault, FaultScope } from "../../simulator/fault/fault.ts";
import type { ModelLimits } from "../../simulator/provider-wire.ts";
import type { SimulatedProvider } from "../../simulator/simulated-provider.ts";
import { startProviderSimulator } from "../../simulator/start-provider-simulator.ts";

/** A request that the server of a contract suite received. */
export interface ContractRequest {
  readonly id: number;
  readonly callId: string | null;
  readonly model: string | null;
  readonly stream: boolean;
  /** In lower case; keys may be redacted. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly outcome: "pending" | "answered" | "aborted-by-client" | "faulted";
}

/** The server that a provider is tested against: the simulator, or your own server with the same features. */
export interface ContractServer {
  readonly baseURL: string;
  /** The key that it accepts. */
  readonly apiKey: string;
  /** Sets the fault of the next requests; `null` removes it. */
  setFault(fault: Fault | null, scope?: FaultScope): void;
  /** Clears requests and faults. */
  reset(): void;
  /** Chat requests since the last reset. */
  readonly requests: readonly ContractRequest[];
  /** The first past or future chat request since the last reset. */
  waitForRequest(): Promise<ContractRequest>;
  /** Resolves when the connection of the request is free again or closed. */
  waitForClosed(id: number): Promise<ContractRequest>;
  /** Stops the server. */
  close(): Promise<void>;
}

/** The simulator, as one vendor. */
export async function startVendor(wire: SimulatedProvider, limits: ModelLimits): Promise<ContractServer> {
  const simulator = await startProviderSimulator({ limits: { [wire]: limits } });
  const { env } = simulator;
  const keys = {
    wandb: env.WANDB_API_KEY,
    groq: env.GROQ_API_KEY,
    claude: env.ANTHROPIC_API_KEY,
    openai: env.OPENAI_API_KEY,
  };
  return {
    baseURL: simulator.baseURLs[wire],
    apiKey: keys[wire] ?? "",
    setFault: (fault, scope) => simulator.setFault(wire, fault, scope),
    reset: () => simulator.reset(),
    get requests() {
      return simulator.requests.filter(({ endpoint }) => endpoint === "chat");
    },
    waitForRequest: () => simulator.waitForRequest(({ endpoint }) => endpoint === "chat"),
    waitForClosed: (id) => simulator.waitForClosed(id),
    close: () => simulator.close(),
  };
}
