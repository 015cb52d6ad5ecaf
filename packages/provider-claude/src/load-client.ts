import { type SDKClient, UNUSED_BASE_URL } from "@babylon/provider-kit";

/**
 * The official SDK, loaded at the first request.
 *
 * It takes its keys, address, log level and tracing from the environment where it is given none (`ANTHROPIC_API_KEY`,
 * `ANTHROPIC_AUTH_TOKEN`, `ANTHROPIC_BASE_URL`, `ANTHROPIC_WEBHOOK_SIGNING_KEY`, `ANTHROPIC_LOG`, `ANTHROPIC_OPEN_TELEMETRY…`), and
 * without a key from a profile on disk (`ANTHROPIC_PROFILE`, `ANTHROPIC_CONFIG_DIR`, …). So it is given all of them, and for
 * `ANTHROPIC_CUSTOM_HEADERS`, which it takes all the same, requests are built from exactly what was given to `post`
 * (`@anthropic-ai/sdk` 1.12, 2026-11).
 */
export async function loadClient(): Promise<SDKClient> {
  const { BaseAnthropic } = await import("@anthropic-ai/sdk/client");
  const client = new BaseAnthropic({
    apiKey: "given with each request",
    authToken: null,
    webhookKey: null,
    baseURL: UNUSED_BASE_URL,
    maxRetries: 0,
    logLevel: "off",
    // The calls of the core are what is traced, not those of the SDK below it.
    openTelemetry: false,
    // Whoever puts a key into a browser does it by giving one to the factory.
    dangerouslyAllowBrowser: true,
    // Never called; without it the SDK insists on a global one.
    fetch: () => Promise.reject(new Error("the SDK sent a request by itself")),
  });
  // Requests go to `post`, not to `messages.create`, which refuses what may take long without streaming and warns of older models.
  // The types are those of requests that the SDK builds; what it is given here goes through as it is.
  return client as unknown as SDKClient;
}
