import type { Fault, FaultScope } from "./fault/fault.ts";
import type { RecordedRequest } from "./server/request-log.ts";
import type { SimulatedProvider } from "./simulated-provider.ts";

/** A message to a spawned simulator. */
export type ChildRequest = { readonly id: number } & (
  | {
      readonly do: "setFault";
      readonly provider: SimulatedProvider;
      readonly fault: Fault | null;
      readonly scope: FaultScope | undefined;
    }
  | { readonly do: "clearFaults" }
  | { readonly do: "reset" }
  | { readonly do: "requests" }
);

/** A message from a spawned simulator. */
export interface ChildReply {
  readonly id: number;
  readonly result: readonly RecordedRequest[] | null;
  readonly error: string | null;
}
