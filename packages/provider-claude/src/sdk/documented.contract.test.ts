import { testProvider } from "@babylon/llm-testing/vitest";
import { vi } from "vitest";
import { claude } from "../claude.ts";

// Any version but the tested one: the SDK client is used in the way that it documents.
vi.mock("@anthropic-ai/sdk/version", () => ({ VERSION: "1.13.0" }));

testProvider((options) => claude(options), { wire: "claude" });
