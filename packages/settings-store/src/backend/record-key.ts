/** Where a record is, in the terms of a Keyv adapter. */
export interface RecordKey {
  readonly key: string;
  /** The namespace of the adapter; `null` for none. */
  readonly namespace: string | null;
}
