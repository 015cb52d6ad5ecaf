import { describeStore } from "../test-support/describe-store.ts";
import { FAST_BACKENDS } from "../test-support/fast-backends.ts";

for (const backend of FAST_BACKENDS) describeStore(backend);
