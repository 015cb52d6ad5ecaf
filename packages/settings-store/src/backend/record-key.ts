/** The key of a record, as Keyv adapters address it. */
export interface RecordKey {
  readonly key: string;
  /** The namespace of the adapter; `null` for none. */
  readonly namespace: string | null;
}
