import { describeSharedState } from "../test-support/describe-shared-state.ts";
import { memoryTestEngine } from "../test-support/memory-test-engine.ts";

describeSharedState(memoryTestEngine);
