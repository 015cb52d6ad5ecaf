import { describeFacts } from "./describe-facts.ts";
import { describeLedger } from "./describe-ledger.ts";
import { describeProcesses } from "./describe-processes.ts";
import { describeSlots } from "./describe-slots.ts";
import type { TestEngine } from "./test-place.ts";

/** The contract that every engine has to meet. */
export function describeSharedState(engine: TestEngine): void {
  describeLedger(engine);
  describeSlots(engine);
  describeFacts(engine);
  describeProcesses(engine);
}
