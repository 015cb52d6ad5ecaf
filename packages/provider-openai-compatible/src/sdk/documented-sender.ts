import { createOwnClientSender, type Sender, type Transport } from "@babylon/provider-kit";
import OpenAI from "openai";

/**
 * Creates a sender that uses the documented interface of the official SDK: `post` and `get` of a client. All options that the client would
 * read from the environment are set (openai 7.57, 2026-11). `OPENAI_CUSTOM_HEADERS` cannot be, but the client's headers are not sent.
 */
export function createSDKSender(transport: Transport): Sender {
  return createOwnClientSender(
    transport,
    (fetch) =>
      new OpenAI({
        apiKey: "given with each request",
        adminAPIKey: null,
        organization: null,
        project: null,
        webhookSecret: null,
        baseURL: "https://given.with.each.request.invalid",
        maxRetries: 0,
        logLevel: "off",
        // Passing a key to the factory is the caller's decision, also in a browser.
        dangerouslyAllowBrowser: true,
        fetch,
      }),
  );
}
