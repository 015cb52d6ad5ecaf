export type { Lease, SharedSlots } from "@babylon/llm-core";
export { StorageError, type StorageErrorCode } from "@babylon/storage";
export type { Facts, VendorFact } from "./contract/facts.ts";
export type {
  FoundWindow,
  Ledger,
  ReserveAnswer,
  ReserveAsk,
  ReserveGrant,
  ReserveRefusal,
  ScopeAsk,
  ScopeSettlement,
  ScopeSums,
  SeenSums,
  SettledAmounts,
  Settlement,
  WindowEnd,
  WindowsFound,
  WindowsQuery,
  WriteOff,
  WriteOffBy,
} from "./contract/ledger.ts";
export type { SharedState, SharedStateOptions, SharedStateStatus } from "./contract/shared-state.ts";
export { type SharedBreaker, type SharedFactsOptions, sharedFacts } from "./facts/shared-facts.ts";
export { openSharedState } from "./open-shared-state.ts";
