/** Characters of a vendor's body that an error keeps. The errors of all attempts of a call are in memory at the same time. */
const MAX_CHARS = 64 * 1024;

/**
 * Bounds a vendor's body in memory: a text is truncated to 65,536 characters; a value whose strings and members add up to more becomes
 * `undefined`. Visits no more of a value than this limit.
 */
export function truncateBody(body: unknown): unknown {
  if (typeof body === "string") return body.length <= MAX_CHARS ? body : copyWithoutParent(body.slice(0, MAX_CHARS));
  return isSmall(body) ? body : undefined;
}

/** Copies a slice: V8 keeps the whole original in memory for as long as a slice of it is used. */
function copyWithoutParent(text: string): string {
  return new TextDecoder().decode(new TextEncoder().encode(text));
}

/** Whether a JSON value is below the limit. Instances of classes, which JSON does not have, are not visited. */
function isSmall(body: unknown): boolean {
  let remaining = MAX_CHARS;
  const pending: unknown[] = [body];
  while (pending.length > 0) {
    const value = pending.pop();
    remaining -= typeof value === "string" ? value.length + 1 : 1;
    if (Array.isArray(value)) {
      if (value.length > remaining - pending.length) return false;
      pending.push(...value);
    } else if (isPlain(value)) {
      for (const [name, member] of Object.entries(value)) {
        remaining -= name.length;
        pending.push(member);
      }
    }
    if (pending.length > remaining) return false;
  }
  return remaining >= 0;
}

function isPlain(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
