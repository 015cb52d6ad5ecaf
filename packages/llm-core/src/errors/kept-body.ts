/** What is kept of a vendor's body, characters: errors of several attempts are held together until the call is over, and longer. */
const MAX_CHARS = 64 * 1024;

/**
 * A vendor's body as an error keeps it: a text is cut at 65,536 characters, a value whose texts and parts come to more is left out
 * (`undefined`). Looks at no more of it than that.
 */
export function keptBody(body: unknown): unknown {
  if (typeof body === "string") return body.length <= MAX_CHARS ? body : copyOf(body.slice(0, MAX_CHARS));
  return isSmall(body) ? body : undefined;
}

/** A part of a text alone: what `slice` gives keeps the whole text in memory. */
function copyOf(text: string): string {
  return new TextDecoder().decode(new TextEncoder().encode(text));
}

/** Whether a value of JSON is small. Objects of classes, which no JSON has, are not looked into. */
function isSmall(body: unknown): boolean {
  let left = MAX_CHARS;
  const pending: unknown[] = [body];
  while (pending.length > 0) {
    const value = pending.pop();
    left -= typeof value === "string" ? value.length + 1 : 1;
    if (Array.isArray(value)) {
      if (value.length > left - pending.length) return false;
      pending.push(...value);
    } else if (isPlain(value)) {
      for (const [name, member] of Object.entries(value)) {
        left -= name.length;
        pending.push(member);
      }
    }
    if (pending.length > left) return false;
  }
  return left >= 0;
}

function isPlain(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
