import Anthropic from "@anthropic-ai/sdk";
import { testProvider } from "@babylon/llm-testing/vitest";
import { claude } from "../claude.ts";

testProvider(
  ({ apiKey, baseURL, fetch }) =>
    apiKey === undefined
      ? claude()
      : claude({ client: new Anthropic({ apiKey, baseURL, fetch, maxRetries: 5, logLevel: "off" }) }),
  {
    wire: "claude",
    skip: {
      "accepts a tenant's credentials for one call": "the client has credentials of its own, and others are refused",
      "uses no process environment in a request": "what the client of the caller's reads is the caller's affair",
    },
  },
);
