export type { BudgetLevel, BudgetOutage, BudgetWindow, BudgetWriteOff, ScopeField } from "@babylon/budget/contract";
export type { ArmFigure, ExperimentLook, ExperimentReport } from "@babylon/experiments/contract";
export type {
  AgentSettings,
  BudgetRule,
  Cost,
  ExperimentSettings,
  Figures,
  LinkHealth,
  ModelInfo,
  PlannedLink,
  ProviderSettings,
  ProviderStanding,
  RecordedContent,
  RetiredModel,
  ServiceStatus,
  SkippedProvider,
  SystemSettings,
  Usage,
  WindowName,
} from "@babylon/llm-core";
export type { CallSummary, Percentiles, UsageBucket, UsageDimension, UsageRow } from "@babylon/record-store/contract";
export type { AgentPatch, ProviderPatch, SettingsPatch } from "@babylon/settings-store/patch";
export type { OlderSettings } from "@babylon/settings-store/schema";
export type { Permission } from "./authorize.ts";
export type {
  BudgetsData,
  BudgetsSummary,
  Spender,
  WindowSpenders,
  WriteOffBody,
  WriteOffData,
} from "./contract/budgets.ts";
export type { TestBody, TestData, TestFailure } from "./contract/chain-test.ts";
export type {
  ArmFigures,
  ExperimentAction,
  ExperimentCourse,
  ExperimentData,
  ExperimentsData,
} from "./contract/experiments.ts";
export type { HistoryData, HistoryItem, RollbackBody } from "./contract/history.ts";
export type {
  AdminData,
  AdminHealth,
  ListedModel,
  OlderModel,
  ProviderModels,
  ProviderOverview,
} from "./contract/models.ts";
export type {
  AdminErrorCode,
  AdminFailure,
  AdminReply,
  AdminSuccess,
  BodyIssue,
  CurrentSettings,
} from "./contract/replies.ts";
export type { OlderPut, PatchPut, PutBody, ReplacePut, SavedData, SaveOptions } from "./contract/settings.ts";
export type {
  CallData,
  CallDetail,
  CallsData,
  DetailAttempt,
  ProgressLine,
  UsageData,
} from "./contract/usage-and-calls.ts";
