import { describeLedger } from "../test-support/describe-ledger.ts";
import { memoryTestEngine } from "../test-support/memory-test-engine.ts";

describeLedger(memoryTestEngine);
