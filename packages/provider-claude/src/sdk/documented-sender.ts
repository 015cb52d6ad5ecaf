import Anthropic from "@anthropic-ai/sdk";
import { createOwnClientSender, type Sender, type Transport } from "@babylon/provider-kit";

/**
 * Creates a sender that uses the documented interface of the official SDK: `post` and `get` of a client. All options that the client would
 * read from the environment or from a profile on disk are set (`@anthropic-ai/sdk` 1.12, 2026-11). `ANTHROPIC_CUSTOM_HEADERS` cannot be, but
 * the client's headers are not sent.
 */
export function createSDKSender(transport: Transport): Sender {
  return createOwnClientSender(
    transport,
    (fetch) =>
      new Anthropic({
        apiKey: "given with each request",
        authToken: null,
        webhookKey: null,
        baseURL: "https://given.with.each.request.invalid",
        maxRetries: 0,
        logLevel: "off",
        // The core traces its calls; the SDK below must not trace them again.
        openTelemetry: false,
        // Passing a key to the factory is the caller's decision, also in a browser.
        dangerouslyAllowBrowser: true,
        fetch,
      }),
  );
}
