import type { SettingsStoreOptions } from "../options/store-options.ts";

/** A place for settings that a test can look into. */
export interface OpenedTestBackend {
  /** What a store is created with; each call gives another way to the same place, as another process would have. */
  options(): SettingsStoreOptions;
  /** What is stored, read without the store. */
  readRaw(): Promise<string | undefined>;
  /** Stores a text without the store. */
  writeRaw(text: string): Promise<void>;
  deleteRaw(): Promise<void>;
  close(): Promise<void>;
}

/** A kind of place. */
export interface TestBackend {
  readonly name: string;
  /** How safe it says that concurrent changes are. */
  readonly cas: "atomic" | "process" | "none";
  /** Within which time a change reaches another store, milliseconds. */
  readonly visibleWithinMs: number;
  open(): Promise<OpenedTestBackend>;
}

/** The key of the record. */
export const SETTINGS_KEY = "babylon.settings.system";
