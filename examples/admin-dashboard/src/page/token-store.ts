const KEY = "babylon-dashboard-token";

/** The token of this visit: from the link that was opened, which then loses it, else from before in this browser tab. */
export function takeToken(): string | null {
  const linked = new URLSearchParams(location.hash.slice(1)).get("token");
  if (linked !== null) {
    keepToken(linked);
    history.replaceState(null, "", location.pathname + location.search);
  }
  return sessionStorage.getItem(KEY);
}

/** Keeps a token until the browser tab is closed; `null` forgets it. */
export function keepToken(token: string | null): void {
  if (token === null) sessionStorage.removeItem(KEY);
  else sessionStorage.setItem(KEY, token);
}
