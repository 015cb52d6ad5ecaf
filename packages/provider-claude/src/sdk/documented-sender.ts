import Anthropic from "@anthropic-ai/sdk";
import { createOwnClientSender, type Sender, type Transport } from "@babylon/provider-kit";

/**
 * The official SDK as it documents itself: `post` and `get` of a client. The client is given all that it would take from the
 * environment or from a profile on disk (`@anthropic-ai/sdk` 1.12, 2026-11), but for `ANTHROPIC_CUSTOM_HEADERS`: its headers are not
 * those that are sent.
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
        // The calls of the core are what is traced, not those of the SDK below it.
        openTelemetry: false,
        // Whoever puts a key into a browser does it by giving one to the factory.
        dangerouslyAllowBrowser: true,
        fetch,
      }),
  );
}
