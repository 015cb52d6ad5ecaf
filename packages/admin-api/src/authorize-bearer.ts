import type { Authorize } from "./authorize.ts";
import { AdminError } from "./http/admin-error.ts";
import { toErrorResponse } from "./http/json-response.ts";

const MIN_CHARACTERS = 16;

async function digest(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
}

/** Compares every byte, so that the time does not depend on the content. */
function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length;
  for (const [index, byte] of a.entries()) difference |= byte ^ (b[index] ?? 0);
  return difference === 0;
}

/**
 * Makes an `authorize` that requires `Authorization: Bearer TOKEN`. Tokens are compared by their SHA-256, in constant time. Everything
 * else gets a 401.
 *
 * @param tokens - one token (its actor is `admin`), or tokens by the name of their actor in the history
 * @throws TypeError when there is no token, or one has fewer than 16 characters
 */
export function authorizeBearer(tokens: string | Readonly<Record<string, string>>): Authorize {
  const entries = Object.entries(typeof tokens === "string" ? { admin: tokens } : tokens);
  if (entries.length === 0) throw new TypeError("authorizeBearer: expected at least one token");
  for (const [actor, token] of entries) {
    if (typeof token !== "string" || token.length < MIN_CHARACTERS) {
      throw new TypeError(`authorizeBearer: the token of "${actor}" has fewer than ${MIN_CHARACTERS} characters`);
    }
  }
  const known = Promise.all(entries.map(async ([actor, token]) => ({ actor, digest: await digest(token) })));

  return async (request) => {
    const [, given] = /^bearer +(\S+)$/i.exec(request.headers.get("authorization") ?? "") ?? [];
    const sent = await digest(given ?? "");
    let bearer: string | null = null;
    for (const { actor, digest: expected } of await known) if (isEqual(sent, expected)) bearer = actor;
    if (bearer !== null && given !== undefined) return { actor: bearer };
    return toErrorResponse(new AdminError("unauthorized", "a valid token is required"), {
      "www-authenticate": "Bearer",
    });
  };
}
