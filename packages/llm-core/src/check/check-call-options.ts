import type { CallOptions } from "../contract/call-options.ts";
import type { Provider } from "../contract/provider.ts";
import { NOTHING_HIDDEN } from "../errors/hidden-characters.ts";
import { invalidInput } from "../errors/llm-error.ts";
import { message, providerOptions } from "./check-message.ts";
import { agentId, modelId, providerId, settings } from "./check-settings.ts";
import {
  anything,
  boolean,
  type Check,
  callable,
  dictionary,
  either,
  list,
  number,
  object,
  oneOf,
  string,
} from "./checks.ts";

const name = string({ pattern: /^[a-zA-Z0-9_-]{1,64}$/, expected: "1 to 64 characters of a-z, A-Z, 0-9, _ and -" });
const limit = number({ min: 0, orNull: true });

/** Limits of time. */
export const timeouts: Check = object({ firstTokenMs: limit, idleMs: limit, attemptMs: limit, totalMs: limit });

/** Hedging: on, off, or its numbers. */
export const hedge: Check = (value, path) => {
  if (typeof value === "boolean") return;
  object({ quantile: number({ min: 0, max: 1 }), minDelayMs: number({ min: 0 }) })(value, path);
};

/** An `AbortSignal`, of any copy of the class. */
export const abortSignal: Check = (value, path) => {
  const isSignal = typeof value === "object" && value !== null && "aborted" in value && "addEventListener" in value;
  if (!isSignal) throw invalidInput(path, "an AbortSignal");
};

const deadline: Check = (value, path) => {
  if (!Number.isFinite(value instanceof Date ? value.getTime() : value)) {
    throw invalidInput(path, "epoch milliseconds or a valid Date");
  }
};

const tool: Check = object(
  { description: string({ allowEmpty: true }), inputSchema: dictionary(anything), strict: boolean },
  ["inputSchema"],
);

const toolChoice: Check = either(
  'one of "auto", "none", "required", or { tool }',
  oneOf("auto", "none", "required"),
  object({ tool: name }, ["tool"]),
);

const responseFormat: Check = either(
  '{ type: "json" } or { type: "json-schema", name, schema, strict }',
  object({ type: oneOf("json") }, ["type"]),
  object({ type: oneOf("json-schema"), name, schema: dictionary(anything), strict: boolean }, [
    "type",
    "name",
    "schema",
    "strict",
  ]),
);

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
const NO_CONTROL = /^[^\u0000-\u001f\u007f]+$/;
const apiKey = string({ pattern: NO_CONTROL, expected: "a key without line breaks or other control characters" });

const credential: Check = object({ apiKey, baseURL: string() }, ["apiKey"]);

const tenantId = string({
  pattern: NOTHING_HIDDEN,
  expected: "a tenant id: not empty, no control or hidden characters",
});

const unit: Check = dictionary(
  string({ pattern: NOTHING_HIDDEN, expected: "an id: not empty, no control or hidden characters" }),
  name,
);

const CALL_FIELDS: Readonly<Record<string, Check>> = {
  prompt: string(),
  messages: list(message),
  system: string({ allowEmpty: true }),
  temperature: number({ min: 0, max: 2 }),
  topP: number({ above: 0, max: 1 }),
  maxOutputTokens: number({ min: 1, whole: true }),
  stopSequences: list(string()),
  seed: number({ whole: true }),
  tools: dictionary(tool, name),
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
    pattern: NOTHING_HIDDEN,
    expected: "a string without control or hidden characters",
  }),
  metadata: dictionary(anything),
  callId: string({
    pattern: /^[A-Za-z0-9._:-]{1,128}$/,
    expected: "1 to 128 characters of A-Z, a-z, 0-9, . _ : and -",
  }),
  onAttempt: callable,
  transport: oneOf("auto", "stream", "json"),
  provider: providerId,
  models: dictionary(modelId),
  settings,
  credentials: dictionary(credential),
  providerOptions,
  fallbackOnContentFilter: boolean,
  hedge,
  coalesce: boolean,
};

const textOptions = object(CALL_FIELDS);
const streamOptions = object({ ...CALL_FIELDS, onInterrupted: oneOf("throw", "restart", "continue") });

/** The checks of a call's fields, for functions that take more than these. */
export const callFields: Readonly<Record<string, Check>> = CALL_FIELDS;

/** What a call refers to must exist. */
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
    throw invalidInput("tools", "to be given with toolChoice");
}

/** The rules that hold between a call's fields. */
export function checkCallRules(options: CallOptions, providers: ReadonlyMap<string, Provider>): void {
  if (options.prompt !== undefined && options.messages !== undefined) {
    throw invalidInput("prompt", "either prompt or messages, not both");
  }
  if (options.prompt === undefined && options.messages === undefined) {
    throw invalidInput("prompt", "prompt or messages to be given");
  }
  if (options.messages?.length === 0) throw invalidInput("messages", "at least one message");
  checkReferences(options, providers);
}

/** Refuses options of a call that are wrong, before anything else happens. Throws `invalid_input` with the path. */
export function checkCallOptions(
  options: CallOptions,
  kind: "text" | "stream",
  providers: ReadonlyMap<string, Provider>,
): void {
  (kind === "text" ? textOptions : streamOptions)(options, "");
  checkCallRules(options, providers);
}

const planOptions = object({ ...CALL_FIELDS, onInterrupted: anything });

/** As {@link checkCallOptions}, for `plan()`, where the prompt may be missing. */
export function checkPlanOptions(options: Partial<CallOptions>, providers: ReadonlyMap<string, Provider>): void {
  planOptions(options, "");
  checkReferences(options, providers);
}
