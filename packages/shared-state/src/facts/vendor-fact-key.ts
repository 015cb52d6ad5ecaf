import type { LinkRef } from "@babylon/llm-core";

/** The key of a fact about a model that is called with a key. */
export const linkFactKey = ({ provider, credential, model }: LinkRef): string =>
  JSON.stringify([provider, credential, model]);

/** The key of a fact about a key of a provider. The credential is a keyed hash. */
export const credentialFactKey = ({ provider, credential }: Omit<LinkRef, "model">): string =>
  JSON.stringify([provider, credential]);

/** The provider in the key of a fact; `null`: another kind of key. */
export function providerOfFactKey(key: string): string | null {
  try {
    const parts: unknown = JSON.parse(key);
    return Array.isArray(parts) && typeof parts[0] === "string" ? parts[0] : null;
  } catch {
    return null;
  }
}
