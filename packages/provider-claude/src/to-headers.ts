import type { ApiRequest } from "./send-request.ts";

/** The API version that the mappers speak. The SDK's own may move on. */
const API_VERSION = "2026-10-21";

/** What the SDK says about the body and itself. Anything else among its headers came from the environment. */
const FROM_SDK = /^(?:accept|content-type|user-agent|x-stainless-.*)$/;

/** The headers of a request, names in lower case: those the SDK has to say, then this adapter's, then the caller's own. */
export function toHeaders(
  ofSDK: RequestInit["headers"],
  { apiKey, callId, headers }: Pick<ApiRequest, "apiKey" | "callId" | "headers">,
): Record<string, string> {
  const all: Record<string, string> = {};
  new Headers(ofSDK).forEach((value, name) => {
    if (FROM_SDK.test(name)) all[name] = value;
  });
  all.authorization = `Bearer ${apiKey}`;
  all["anthropic-version"] = API_VERSION;
  all["x-client-request-id"] = callId;
  for (const [name, value] of Object.entries(headers)) all[name.toLowerCase()] = value;
  return all;
}
