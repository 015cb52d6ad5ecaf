import type { CallOptions } from "../contract/call-options.ts";
import type { Provider } from "../contract/provider.ts";
import { NO_INVISIBLE_CHARACTERS } from "../errors/invisible-characters.ts";
import { invalidInput } from "../errors/llm-error.ts";
import { message, providerOptions } from "./check-message.ts";
import { settings } from "./check-settings.ts";
import { agentId, modelId, providerId } from "./check-settings-ids.ts";
import {
  anything,
  boolean,
  callable,
  dictionaryOf,
  either,
  listOf,
  number,
  type OptionCheck,
  objectOf,
  oneOf,
  string,
} from "./checks.ts";

const name = string({ pattern: /^[a-zA-Z0-9_-]{1,64}$/, expected: "1 to 64 characters of a-z, A-Z, 0-9, _ and -" });
const limit = number({ min: 0, orNull: true });

/** Time limits. */
export const timeouts: OptionCheck = objectOf({ firstTokenMs: limit, idleMs: limit, attemptMs: limit, totalMs: limit });

/** Hedging: on, off, or its options. */
export const hedge: OptionCheck = (value, path) => {
  if (typeof value === "boolean") return;
  objectOf({ quantile: number({ min: 0, max: 1 }), minDelayMs: number({ min: 0 }) })(value, path);
};

/** An `AbortSignal`, also of a polyfill or of another realm. */
export const abortSignal: OptionCheck = (value, path) => {
  const isSignal = typeof value === "object" && value !== null && "aborted" in value && "addEventListener" in value;
  if (!isSignal) throw invalidInput(path, "an AbortSignal");
};

const deadline: OptionCheck = (value, path) => {
  if (!Number.isFinite(value instanceof Date ? value.getTime() : value)) {
    throw invalidInput(path, "epoch milliseconds or a valid Date");
  }
};

const tool: OptionCheck = objectOf(
  { description: string({ allowEmpty: true }), inputSchema: dictionaryOf(anything), strict: boolean },
  ["inputSchema"],
);

const toolChoice: OptionCheck = either(
  'one of "auto", "none", "required", or { tool }',
  oneOf("auto", "none", "required"),
  objectOf({ tool: name }, ["tool"]),
);

const responseFormat: OptionCheck = either(
  '{ type: "json" } or { type: "json-schema", name, schema, strict }',
  objectOf({ type: oneOf("json") }, ["type"]),
  objectOf({ type: oneOf("json-schema"), name, schema: dictionaryOf(anything), strict: boolean }, [
    "type",
    "name",
    "schema",
    "strict",
  ]),
);

// biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern excludes control characters
const NO_CONTROL = /^[^\u0000-\u001f\u007f]+$/;
const apiKey = string({ pattern: NO_CONTROL, expected: "a key without line breaks or other control characters" });

const credential: OptionCheck = objectOf({ apiKey, baseURL: string() }, ["apiKey"]);

const tenantId = string({
  pattern: NO_INVISIBLE_CHARACTERS,
  expected: "a tenant id: not empty, no control or hidden characters",
});

const unit: OptionCheck = dictionaryOf(
  string({ pattern: NO_INVISIBLE_CHARACTERS, expected: "an id: not empty, no control or hidden characters" }),
  name,
);

/** The checks of the options of every call, by name. */
export const callFields: Readonly<Record<string, OptionCheck>> = {
  prompt: string(),
  messages: listOf(message),
  system: string({ allowEmpty: true }),
  temperature: number({ min: 0, max: 2 }),
  topP: number({ above: 0, max: 1 }),
  maxOutputTokens: number({ min: 1, whole: true }),
  stopSequences: listOf(string()),
  seed: number({ whole: true }),
  tools: dictionaryOf(tool, name),
  toolChoice,
  reasoningEffort: oneOf("none", "minimal", "low", "medium", "high", "xhigh", "max"),
  responseFormat,
  abortSignal,
  timeouts,
  deadline,
  maxRetries: number({ min: 0, whole: true }),
  priority: number(),
  agent: agentId,
  tenant: tenantId,
  unit,
  purpose: string({
    allowEmpty: true,
    pattern: NO_INVISIBLE_CHARACTERS,
    expected: "a string without control or hidden characters",
  }),
  metadata: dictionaryOf(anything),
  callId: string({
    pattern: /^[A-Za-z0-9._:-]{1,128}$/,
    expected: "1 to 128 characters of A-Z, a-z, 0-9, . _ : and -",
  }),
  onAttempt: callable,
  transport: oneOf("auto", "stream", "json"),
  provider: providerId,
  models: dictionaryOf(modelId),
  settings,
  credentials: dictionaryOf(credential),
  providerOptions,
  fallbackOnContentFilter: boolean,
  hedge,
  coalesce: boolean,
};

const textOptions = objectOf(callFields);
const streamOptions = objectOf({ ...callFields, onInterrupted: oneOf("throw", "restart", "continue") });

/** Providers and tools that the options name must exist. */
function checkReferences(options: CallOptions, providers: ReadonlyMap<string, Provider>): void {
  const mustExist = (id: string, path: string) => {
    if (providers.has(id)) return;
    throw invalidInput(path, `a provider of this client (${[...providers.keys()].join(", ")})`);
  };
  if (options.provider !== undefined) mustExist(options.provider, "provider");
  for (const field of ["models", "credentials"] as const) {
    for (const id of Object.keys(options[field] ?? {})) mustExist(id, `${field}.${id}`);
  }
  const { toolChoice: choice, tools = {} } = options;
  if (typeof choice === "object" && !Object.hasOwn(tools, choice.tool)) {
    throw invalidInput("toolChoice.tool", "the name of one of the tools");
  }
  if (choice === "required" && Object.keys(tools).length === 0)
    throw invalidInput("tools", 'at least one tool (required by toolChoice "required")');
}

/** Validates the options of a call against each other. Throws `invalid_input` with the path. */
export function checkCallRules(options: CallOptions, providers: ReadonlyMap<string, Provider>): void {
  if (options.prompt !== undefined && options.messages !== undefined) {
    throw invalidInput("prompt", "either prompt or messages, not both");
  }
  if (options.prompt === undefined && options.messages === undefined) {
    throw invalidInput("prompt", "prompt or messages (one is required)");
  }
  if (options.messages?.length === 0) throw invalidInput("messages", "at least one message");
  checkReferences(options, providers);
}

/** Validates the options of a call. Throws `invalid_input` with the path. */
export function checkCallOptions(
  options: CallOptions,
  kind: "text" | "stream",
  providers: ReadonlyMap<string, Provider>,
): void {
  (kind === "text" ? textOptions : streamOptions)(options, "");
  checkCallRules(options, providers);
}

const planOptions = objectOf({ ...callFields, onInterrupted: anything });

/** As {@link checkCallOptions}, for `plan()`: the prompt is optional. */
export function checkPlanOptions(options: Partial<CallOptions>, providers: ReadonlyMap<string, Provider>): void {
  planOptions(options, "");
  checkReferences(options, providers);
}
