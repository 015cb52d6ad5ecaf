import type { BudgetOutage, BudgetWindow, BudgetWriteOff } from "@babylon/budget/contract";
import type { ExperimentLook, ExperimentReport } from "@babylon/experiments/contract";
import type { BudgetRule, CallRecord, LLMClient, SystemSettings } from "@babylon/llm-core";
import type { CallsPage, CallsQuery, UsageQuery, UsageRow } from "@babylon/record-store/contract";
import type { HistoryItem, SettingsPatch } from "./contract.ts";

/** What the handler needs of a client. `createLLMClient` and `createBabylonLLM` make one. */
export type AdminLLM = Pick<
  LLMClient,
  "providers" | "plan" | "health" | "status" | "listModels" | "revive" | "generateText"
>;

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

/** Makes a change from the stored settings. What it throws is passed on to the caller. */
export type AdminChange = (settings: SystemSettings) => Promise<SettingsPatch>;

/** What is stored after a change. */
export interface AdminUpdate {
  readonly snapshot: AdminSnapshot;
}

/**
 * What the handler needs of a settings store. `createSettingsStore` makes one. Its errors have a `code`: `conflict`,
 * `invalid`, `unavailable`, `timeout`, `write_unknown`.
 */
export interface AdminSettings {
  /** The settings; with `fresh`, read from the backend. */
  get(options?: { readonly fresh?: boolean }): Promise<AdminSnapshot>;
  /**
   * Stores the merge patch that the function returns, by compare-and-set on the settings that it was given: after a concurrent
   * write the function is called again with the new settings. Checks the patch and its result. Rejects with what the function throws,
   * and with `conflict` when `expectedVersion` is not the stored one.
   */
  update(change: AdminChange, options: AdminUpdateOptions): Promise<AdminUpdate>;
  /** The changes that are kept, newest first: all, or the latest `limit`. */
  history(options?: { readonly limit?: number }): Promise<readonly HistoryItem[]>;
  /** Stores the settings of an older version as a new one. Rejects with `invalid` when it is not kept. */
  rollback(version: number, options: AdminUpdateOptions): Promise<AdminUpdate>;
}

/** What the handler needs of a record store. `openRecordStore` makes one. */
export interface AdminRecords {
  /** Sums of calls by period and group. */
  usage(query: UsageQuery): Promise<readonly UsageRow[]>;
  /** A page of the log of calls, newest first. */
  calls(query: CallsQuery): Promise<CallsPage>;
  /** `null`: there is no such call, or it is older than calls are kept. */
  call(callId: string): Promise<CallRecord | null>;
}

/** What the handler needs of budgets. `createBudget` makes one. */
export interface AdminBudget {
  /** The current windows of all rules. */
  status(): Promise<readonly BudgetWindow[]>;
  /** The outage of the store; `null`: it answers. */
  outage(): BudgetOutage | null;
  /** Removes presumed amounts from a window. Rejects with `invalid_input` if there is no such window. */
  writeOff(
    key: string,
    presumed?: number,
    by?: { readonly actor: string | null; readonly reason: string | null },
  ): Promise<void>;
  /** The latest write-offs, the newest first. */
  writeOffs(limit?: number): Promise<readonly BudgetWriteOff[]>;
  /** The rules of the code, which the page can replace by those of the settings. Default: none are shown until they have a window. */
  readonly rulesOfCode?: readonly BudgetRule[] | undefined;
}

/** What the handler needs of experiments. `createExperiments` makes them. */
export interface AdminExperiments {
  /** What an experiment of the settings has shown. */
  report(
    id: string,
    options: {
      readonly as?: "assigned" | "served" | undefined;
      readonly settings: SystemSettings;
      /** Further metrics, of which the arms' means are reported. */
      readonly figures: readonly string[];
    },
  ): Promise<ExperimentReport>;
  /** What earlier looks at it have shown. */
  course(
    id: string,
    options: {
      readonly as?: "assigned" | "served" | undefined;
      readonly settings: SystemSettings;
      /** Epoch milliseconds, the earliest first. */
      readonly at: readonly number[];
    },
  ): Promise<readonly ExperimentLook[]>;
}
