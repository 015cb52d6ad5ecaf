import type { SettingsStoreOptions } from "../options/store-options.ts";

/** An open backend whose stored text a test can read and write. */
export interface OpenedTestBackend {
  /** Options for a store; each call opens a separate connection to the same backend, as another process would. */
  options(): SettingsStoreOptions;
  /** Reads the stored text without a store. */
  readRaw(): Promise<string | undefined>;
  /** Writes the stored text without a store. */
  writeRaw(text: string): Promise<void>;
  deleteRaw(): Promise<void>;
  close(): Promise<void>;
}

/** A kind of backend. */
export interface TestBackend {
  readonly name: string;
  /** The expected `status().cas`. */
  readonly cas: "atomic" | "process" | "none";
  /** The time limit within which a change reaches another store, milliseconds. */
  readonly visibleWithinMs: number;
  open(): Promise<OpenedTestBackend>;
}

/** The key of the record. */
export const SETTINGS_KEY = "babylon.settings.system";
