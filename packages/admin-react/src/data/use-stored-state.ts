import { useState } from "react";
import { readSession, writeSession } from "./session-store.ts";

/** What is stored in the browser tab for one endpoint. */
export type StoredName = "draft" | "reason" | "agent-form" | "budget-form" | "experiment-form";

/** The key of a stored value. Pages of several services may share an origin. */
export const storedKey = (endpoint: string, name: StoredName): string => `babylon-admin ${endpoint} ${name}`;

/**
 * State that survives a reload of the page and a new sign-in, in the session storage of the browser tab.
 *
 * @param parse - the stored value as one of the type, or `null` where it is not
 */
export function useStoredState<T>(
  key: string,
  parse: (stored: unknown) => T | null,
): readonly [T | null, (next: T | null) => void] {
  const [value, setValue] = useState<T | null>(() => parse(readSession(key)));
  function store(next: T | null): void {
    writeSession(key, next);
    setValue(next);
  }
  return [value, store];
}
