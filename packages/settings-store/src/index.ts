export type { AgentSettings, ProviderSettings, SystemSettings } from "@babylon/llm-core";
export type { DriverPackage, ImportDriver } from "@babylon/storage";
export type { BackoffOptions } from "@babylon/storage/time";
export { type AIModelConfig, type AIModelConfigSource, createAIModelConfig } from "./ai-model-config.ts";
export type { BackendKind, CasLevel } from "./backend/backend.ts";
export type { BusState } from "./bus/keep-bus.ts";
export { createSettingsStore } from "./create-settings-store.ts";
export {
  isSettingsError,
  SettingsError,
  type SettingsErrorCode,
  type SettingsErrorDetails,
  type SettingsErrorInit,
  type SettingsIssue,
} from "./errors/settings-error.ts";
export type { SettingsStoreOptions } from "./options/store-options.ts";
export type { UpdateOptions } from "./options/update-options.ts";
export type { GetOptions } from "./read/reader.ts";
export type { SnapshotSource, StoreSnapshot } from "./read/snapshot.ts";
export type { HistoryEntry } from "./record/history.ts";
export { fromOlderSettings, type OlderSettings } from "./schema/older-settings.ts";
export { parseSettings } from "./schema/parse-settings.ts";
export type {
  AgentPatch,
  AudiencePatch,
  ExperimentPatch,
  ProviderPatch,
  SettingsPatch,
} from "./schema/settings-patch.ts";
export type { SettingsStore, SettingsUpdate } from "./settings-store.ts";
export type { SettingsEvent } from "./status/settings-event.ts";
export type { SettingsState, SettingsStatus } from "./status/status.ts";
export type { SettingsChange, SettingsKey, SettingsListener } from "./status/subscribers.ts";
export type { ReconcileResult, UpdateResult } from "./write/writer.ts";
