/** For browsers that refuse storage: lasts as long as the page. */
const memory = new Map<string, string>();

/** The value stored under a key in this browser tab, as JSON; `null`: none, or it cannot be read. */
export function readSession(key: string): unknown {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? memory.get(key) ?? "null");
  } catch {
    return null;
  }
}

/** Stores a value until the browser tab is closed; `null` removes it. Never for tokens or keys. */
export function writeSession(key: string, value: unknown): void {
  memory.delete(key);
  try {
    if (value === null) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, JSON.stringify(value));
  } catch {
    if (value !== null) memory.set(key, JSON.stringify(value));
  }
}
