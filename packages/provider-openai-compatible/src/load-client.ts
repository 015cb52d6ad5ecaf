import { type SDKClient, UNUSED_BASE_URL } from "@babylon/provider-kit";

/**
 * The official SDK, loaded at the first request.
 *
 * It takes its address, keys, organisation, project and headers from the environment where it is given none (`OPENAI_BASE_URL`,
 * `OPENAI_API_KEY`, `OPENAI_ADMIN_KEY`, `OPENAI_ORG_ID`, `OPENAI_PROJECT_ID`, `OPENAI_WEBHOOK_SECRET`, `OPENAI_LOG`,
 * `OPENAI_CUSTOM_HEADERS`) and would send them to every vendor. So it is given all of them, and for the last, which it takes all the
 * same, requests are built from exactly what was given to `post` (openai 7.57, 2026-11).
 */
export async function loadClient(): Promise<SDKClient> {
  const { OpenAI } = await import("openai");
  const client = new OpenAI({
    apiKey: "given with each request",
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    baseURL: UNUSED_BASE_URL,
    // Never called; without it the SDK insists on a global one.
    fetch: () => Promise.reject(new Error("the SDK sent a request by itself")),
    maxRetries: 0,
    logLevel: "off",
    // Whoever puts a key into a browser does it by giving one to the factory.
    dangerouslyAllowBrowser: true,
  });
  // The types are those of requests that the SDK builds; what it is given here goes through as it is.
  return client as unknown as SDKClient;
}
