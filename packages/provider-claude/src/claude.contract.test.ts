import { testProvider } from "@babylon/llm-testing/vitest";
import { claude } from "./claude.ts";

testProvider((options) => claude(options), { wire: "claude" });
