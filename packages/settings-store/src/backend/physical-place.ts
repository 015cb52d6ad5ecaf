/** Where a record is, in the terms of a Keyv adapter. */
export interface Place {
  readonly key: string;
  /** The namespace of the adapter; `null` for none. */
  readonly namespace: string | null;
}

/**
 * Keyv 5 gives every instance the namespace `keyv` unless told otherwise, Keyv 6 gives none. To let both find the same record, the
 * default of Keyv 5 counts as none.
 */
export function effectiveNamespace(namespace: unknown): string | null {
  return typeof namespace === "string" && namespace !== "" && namespace !== "keyv" ? namespace : null;
}
