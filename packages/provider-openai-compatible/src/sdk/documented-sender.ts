import { createOwnClientSender, type Sender, type Transport } from "@babylon/provider-kit";
import OpenAI from "openai";

/**
 * The official SDK as it documents itself: `post` and `get` of a client. The client is given all that it would take from the
 * environment (openai 7.57, 2026-11), but for `OPENAI_CUSTOM_HEADERS`: its headers are not those that are sent.
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
        // Whoever puts a key into a browser does it by giving one to the factory.
        dangerouslyAllowBrowser: true,
        fetch,
      }),
  );
}
