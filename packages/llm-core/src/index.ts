export type { Attempt, AttemptError, AttemptOutcome } from "./attempt.ts";
export type {
  CallOptions,
  GenerateTextOptions,
  HedgeOptions,
  OnInterrupted,
  StreamTextOptions,
  Timeouts,
} from "./call-options.ts";
export type { CallRecord, RecordedContent, RecordedOptions, Recorder } from "./call-record.ts";
export { type Clock, systemClock, type TimerHandle } from "./clock.ts";
export { type Env, processEnv, readEnv } from "./env.ts";
export { cleanCause, type ErrorCause } from "./errors/clean-cause.ts";
export { CODE_DEFAULTS, type CodeDefaults, isLLMErrorCode, type LLMErrorCode } from "./errors/error-code.ts";
export {
  type DetailsOf,
  invalidInput,
  isLLMError,
  LLMError,
  type LLMErrorDetails,
  type LLMErrorInit,
  type LLMErrorJSON,
  type SchemaIssue,
} from "./errors/llm-error.ts";
export { redact } from "./errors/redact.ts";
export { isRecord, type JsonObject, type JsonValue } from "./json.ts";
export { type LogFields, type Logger, silentLogger } from "./logger.ts";
export type {
  AssistantMessage,
  FilePart,
  ImagePart,
  Message,
  MessagePart,
  ProviderOptions,
  ReasoningPart,
  SystemMessage,
  TextPart,
  ToolCallPart,
  ToolMessage,
  ToolResultPart,
  UserMessage,
} from "./message.ts";
export type { Plan, PlannedLink, SkippedProvider } from "./plan.ts";
export type {
  AttemptContext,
  ConfigProblem,
  Credentials,
  FinishReason,
  ModelCapabilities,
  ModelInfo,
  ModelRequest,
  ModelResponse,
  Provider,
  RateLimitBudget,
  ReasoningEffort,
  ResponseFormat,
  ResponseHead,
  RetiredModel,
  SchemaDialect,
  StreamPart,
} from "./provider.ts";
export type { Seam, TextResult } from "./result.ts";
export {
  type AgentSettings,
  EMPTY_SETTINGS,
  type ProviderSettings,
  type SettingsSnapshot,
  type SettingsSource,
  type SystemSettings,
} from "./settings.ts";
export type { Tool, ToolCall, ToolChoice } from "./tool.ts";
export { addUsage, NO_USAGE, UNKNOWN_USAGE, type Usage } from "./usage.ts";
