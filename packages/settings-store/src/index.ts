export type { AgentSettings, ProviderSettings, SystemSettings } from "@babylon/llm-core";
export type { DriverPackage, ImportDriver } from "@babylon/storage";
export type { BackoffOptions } from "@babylon/storage/time";
export { type AIModelConfig, type AIModelConfigSource, createAIModelConfig } from "./ai-model-config.ts";
export type { BackendKind, CasLevel } from "./backend/backend.ts";
export type { BusState } from "./bus/keep-bus.ts";
export { createSettingsStore } from "./create-settings-store.ts";
export type { SettingsEvent } from "./events.ts";
export { parseSettings } from "./parse-settings.ts";
export type { GetOptions } from "./reader.ts";
export type { HistoryEntry } from "./record/history.ts";
export { fromOlderSettings, type OlderSettings } from "./record/older-settings.ts";
export {
  isSettingsError,
  SettingsError,
  type SettingsErrorCode,
  type SettingsErrorDetails,
  type SettingsErrorInit,
  type SettingsIssue,
} from "./settings-error.ts";
export type { AgentPatch, ProviderPatch, SettingsPatch } from "./settings-patch.ts";
export type { SettingsStore, SettingsUpdate } from "./settings-store.ts";
export type { Snapshot, SnapshotSource } from "./snapshot.ts";
export type { SettingsState, SettingsStatus } from "./status.ts";
export type { SettingsStoreOptions } from "./store-options.ts";
export type { SettingsChange, SettingsKey, SettingsListener } from "./subscribers.ts";
export type { UpdateOptions } from "./update-options.ts";
export type { Reconciled, UpdateResult } from "./writer.ts";
