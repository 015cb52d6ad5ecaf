import type { Fault } from "./fault.ts";

/** One fault of each common kind, for soaks. @param slowMs - the delay of the slow one */
export const commonFaults = (slowMs: number): readonly Fault[] => [
  { kind: "status", status: 500 },
  { kind: "status", status: 503 },
  { kind: "status", status: 429, headers: { "retry-after": null, "retry-after-ms": "20" } },
  { kind: "hang" },
  { kind: "slow", delayMs: slowMs },
  { kind: "stall", afterParts: 2 },
  { kind: "reset", when: "before-headers" },
  { kind: "reset", when: "mid-body", afterParts: 2 },
  { kind: "reset", when: "mid-stream", afterParts: 3 },
  { kind: "truncate", afterParts: 2 },
  { kind: "malformed", afterParts: 2 },
  { kind: "html" },
  { kind: "empty" },
  { kind: "error-200" },
  { kind: "error-event", afterParts: 2 },
];
