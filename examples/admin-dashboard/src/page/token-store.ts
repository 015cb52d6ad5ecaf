const KEY = "babylon-dashboard-token";

/** The token: from the opened link, from which it is then removed, else the one stored in this browser tab. */
export function takeToken(): string | null {
  const linked = new URLSearchParams(location.hash.slice(1)).get("token");
  if (linked !== null) {
    keepToken(linked);
    history.replaceState(null, "", location.pathname + location.search);
  }
  return sessionStorage.getItem(KEY);
}

/** Stores a token until the browser tab is closed; `null` removes it. */
export function keepToken(token: string | null): void {
  if (token === null) sessionStorage.removeItem(KEY);
  else sessionStorage.setItem(KEY, token);
}
