import type { LLMClient, SystemSettings } from "@babylon/llm-core";
import type { HistoryItem, SettingsPatch } from "./contract.ts";

/** What the handler needs of a client. `createLLMClient` and `createBabylonLLM` make one. */
export type AdminLLM = Pick<LLMClient, "providers" | "plan" | "health" | "listModels" | "revive" | "generateText">;

/** The settings at one moment. */
export interface AdminSnapshot {
  readonly value: SystemSettings;
  readonly version: number | null;
  /** ISO 8601. */
  readonly updatedAt: string | null;
  readonly updatedBy: string | null;
}

/** Who changes the settings, and what must still be so. */
export interface AdminUpdateOptions {
  readonly actor: string;
  readonly expectedVersion?: number;
  readonly reason?: string;
}

/**
 * What the handler needs of a settings store. `createSettingsStore` makes one. Errors are told apart by their `code`: `conflict`,
 * `invalid`, `unavailable`, `timeout`, `write_unknown`.
 */
export interface AdminSettings {
  /** The settings; with `fresh`, as the backend has them now. */
  get(options?: { readonly fresh?: boolean }): Promise<AdminSnapshot>;
  /** Stores a merge patch as a new version. Rejects with `conflict` when `expectedVersion` is no longer the stored one. */
  update(patch: SettingsPatch, options: AdminUpdateOptions): Promise<unknown>;
  /** The changes that are remembered, newest first. */
  history(): Promise<readonly HistoryItem[]>;
  /** Stores the settings of an older version as a new one. Rejects with `invalid` when it is not remembered. */
  rollback(version: number, options: AdminUpdateOptions): Promise<unknown>;
}
