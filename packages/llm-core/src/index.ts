export { checkBudgetRules } from "./check/check-budget-rules.ts";
export type { Attempt, AttemptError, AttemptKind, AttemptOutcome } from "./contract/attempt.ts";
export type { AttemptAsk, AttemptGate, Permit, Refusal } from "./contract/attempt-gate.ts";
export type { Breaker, BreakerTicket } from "./contract/breaker.ts";
export type { BudgetPeriod, BudgetRule, BudgetScope } from "./contract/budget-rule.ts";
export type {
  AttemptAnswer,
  AttemptStart,
  CallObserver,
  CallRestart,
  CallStart,
  ObservedAttempt,
  ObservedCall,
} from "./contract/call-observer.ts";
export type {
  CallOptions,
  CallUnit,
  GenerateTextOptions,
  HedgeOptions,
  OnInterrupted,
  StreamTextOptions,
  Timeouts,
} from "./contract/call-options.ts";
export type { CallRecord, RecordedContent, RecordedOptions, Recorder } from "./contract/call-record.ts";
export type { AssignInput, Assignment, CallRouter, ExclusionReason, Exposure } from "./contract/call-router.ts";
export type { BreakerOptions, LLMClientOptions, RetryOptions } from "./contract/client-options.ts";
export { type Clock, systemClock, type TimerHandle } from "./contract/clock.ts";
export type { Cost } from "./contract/cost.ts";
export { type Env, processEnv, readEnv } from "./contract/env.ts";
export type {
  ExperimentArm,
  ExperimentAudience,
  ExperimentGuardrail,
  ExperimentSettings,
  ExperimentState,
  ExperimentUnit,
} from "./contract/experiment-settings.ts";
export type { Figures, Spread, WindowName, Windows } from "./contract/figures.ts";
export { isRollout } from "./contract/is-rollout.ts";
export { isRecord, type JsonObject, type JsonValue } from "./contract/json.ts";
export { type KnownUsage, knownUsage } from "./contract/known-usage.ts";
export type { LinkRef, LinkState, LinkStateName } from "./contract/link.ts";
export type { LinkFigures } from "./contract/link-figures.ts";
export { type LogFields, type Logger, nonThrowingLogger, silentLogger } from "./contract/logger.ts";
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
} from "./contract/message.ts";
export type { AnswerBlock, FinishReason, ModelResponse, PartStream, StreamPart } from "./contract/model-answer.ts";
export { OLDEST_NODE, oldNodeProblem, type RuntimeVersions, requireNode } from "./contract/node-version.ts";
export type { ModelSource, Plan, PlannedLink, ProviderStanding, SkippedProvider } from "./contract/plan.ts";
export type { LazyPricer, PriceAsk, Pricer } from "./contract/pricer.ts";
export {
  type AttemptContext,
  type AttemptReport,
  type ConfigProblem,
  type Credentials,
  DEFAULT_MAX_RESPONSE_BYTES,
  type ModelCapabilities,
  type ModelInfo,
  type ModelRequest,
  type Provider,
  type RateLimitBudget,
  type ReasoningEffort,
  type RequestContext,
  type ResponseFormat,
  type ResponseHead,
  type RetiredModel,
  type SchemaDialect,
  type StrictSchemaRules,
} from "./contract/provider.ts";
export type { Seam, TextResult } from "./contract/result.ts";
export {
  type AgentSettings,
  EMPTY_SETTINGS,
  type ProviderSettings,
  type SettingsSnapshot,
  type SettingsSource,
  type SystemSettings,
} from "./contract/settings.ts";
export type { Lease, SharedSlots } from "./contract/shared-slots.ts";
export { toWellFormed } from "./contract/to-well-formed.ts";
export type { Tool, ToolCall, ToolChoice } from "./contract/tool.ts";
export type { TunedSettings } from "./contract/tuned-settings.ts";
export { addUsage, NO_USAGE, UNKNOWN_USAGE, type Usage, type UsageExtra } from "./contract/usage.ts";
export { wasRefused } from "./contract/was-refused.ts";
export { createLLMClient } from "./create-llm-client.ts";
export { cleanCause, type ErrorCause } from "./errors/clean-cause.ts";
export type { LLMErrorCode } from "./errors/error-code.ts";
export type { GateRefusal, RefusedPart, SchemaIssue } from "./errors/error-details.ts";
export { type BreakerEffect, ERROR_POLICY, type ErrorPolicy } from "./errors/error-policy.ts";
export { findSubstrings, markCommonSubstrings } from "./errors/find-substrings.ts";
export { escapeInvisible, NO_INVISIBLE_CHARACTERS } from "./errors/invisible-characters.ts";
export { isLLMErrorCode } from "./errors/is-llm-error-code.ts";
export {
  type DetailsOf,
  invalidInput,
  isLLMError,
  LLMError,
  type LLMErrorDetails,
  type LLMErrorInit,
} from "./errors/llm-error.ts";
export type { LLMErrorJSON } from "./errors/llm-error-json.ts";
export {
  BOUNDARY,
  type NormalizedText,
  normalizeText,
  normalizeWithOffsets,
  replaceMarked,
} from "./errors/normalized-text.ts";
export { redact } from "./errors/redact.ts";
export { LONGEST_WAIT_MS, toWaitMs } from "./errors/to-wait-ms.ts";
export type { CallFigures, LossStreak } from "./figures/call-stats.ts";
export {
  addToSketch,
  createSketch,
  mergeSketch,
  quantileOf,
  SKETCH_RELATIVE_ERROR,
  type Sketch,
  subtractSketch,
} from "./figures/sketch.ts";
export type { BreakerConfig } from "./health/breaker-config.ts";
export { createBreaker } from "./health/create-breaker.ts";
export type { EpochLinkState } from "./health/epoch-link-state.ts";
export type { LinkHealth } from "./health/link-health.ts";
export {
  createKeyFingerprinter,
  fingerprintCredentials,
  type KeyFingerprinter,
  NO_CREDENTIAL,
} from "./keys/create-key-fingerprinter.ts";
export { keyedHash } from "./keys/keyed-hash.ts";
export type { ListModelsOptions } from "./list-models.ts";
export type { LLMClient, PlanOptions } from "./llm-client.ts";
export type { ClientConfig } from "./plan/client-config.ts";
export type { HedgeConfig, RetryConfig, TimeLimits } from "./plan/client-defaults.ts";
export type { Needs } from "./plan/needs.ts";
export { type Chain, type ChainLink, type PlanChainInput, planChain } from "./plan/plan-chain.ts";
export { type ProviderReading, type ProviderSources, readProvider } from "./plan/read-provider.ts";
export {
  type ResolveConfigInput,
  type ResolvedConfig,
  type ResolvedProvider,
  resolveConfig,
} from "./plan/resolve-config.ts";
export { fromParts, ofBlocks } from "./run/from-parts.ts";
export { isHeavyJSON } from "./run/json-weight.ts";
export { type NextStep, type NextStepState, nextStep } from "./run/next-step.ts";
export { backoffMs } from "./run/retry-delay.ts";
export { shareOfTime } from "./run/share-of-time.ts";
export { toParts } from "./run/to-parts.ts";
export { uniqueId } from "./run/unique-id.ts";
export type { DegradedReason, ServiceState, ServiceStateName } from "./status/service-state.ts";
export type { ServiceStatus, ServingProvider } from "./status/service-status.ts";
export type { LinkName, StreamEvent } from "./stream/stream-event.ts";
export type { TextStream } from "./stream/text-stream.ts";
export type { WireStreamEvent } from "./stream/wire-stream-event.ts";
export type { ItemStream } from "./structured/array/item-stream.ts";
export type {
  AnySchema,
  InferInput,
  InferSchema,
  JsonSchemaWithValidate,
  StructuredSchema,
  Validation,
  ValidationIssue,
} from "./structured/schema/structured-schema.ts";
export type { StructuredFunctions } from "./structured/structured-functions.ts";
export type {
  ArrayFailure,
  ArrayOptions,
  ElementId,
  ExpectedCount,
  ExpectedIds,
  GenerateArrayResult,
  GenerateObjectOptions,
  GenerateObjectResult,
  GenerateObjectWithToolsOptions,
  MissingIds,
  MissingPlaces,
  MissingUnknown,
  RejectedElement,
  StructuredOptions,
} from "./structured/structured-options.ts";
