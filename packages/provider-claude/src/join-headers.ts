import { invalidInput } from "@babylon/llm-core";
import { areHeaders } from "@babylon/provider-kit";

/** Names of headers whose values are secrets. */
const SECRET = /auth|cookie|credential|key|secret|token/;

/** Headers in lower case, and which of their values must not be shown. */
export interface JoinedHeaders {
  readonly headers: Readonly<Record<string, string>>;
  readonly secrets: readonly string[];
}

/**
 * The factory's headers with those of a call over them.
 *
 * @param provider - the provider's id, for the path of an error
 * @throws LLMError `invalid_input` for headers that HTTP does not allow: the platform's own error would quote them
 */
export function joinHeaders(
  ofFactory: Readonly<Record<string, string>>,
  ofCall: Readonly<Record<string, string>> | undefined,
  provider: string,
): JoinedHeaders {
  if (ofCall !== undefined && !areHeaders(ofCall)) {
    throw invalidInput(`providerOptions.${provider}.headers`, "header names and values that HTTP allows");
  }
  const headers: Record<string, string> = {};
  for (const [name, value] of [...Object.entries(ofFactory), ...Object.entries(ofCall ?? {})]) {
    headers[name.toLowerCase()] = value;
  }
  const secrets = Object.entries(headers).flatMap(([name, value]) => (SECRET.test(name) ? [value] : []));
  return { headers, secrets };
}
