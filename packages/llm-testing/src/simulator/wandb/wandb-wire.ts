import type { SimulatedAnswer } from "../answer/simulated-request.ts";
import { bearerOf, headerOf } from "../bearer.ts";
import { type ChatStyle, chatEvents, chatJson } from "../openai-wire/chat-body.ts";
import type { ModelLimits, ProviderWire } from "../provider-wire.ts";
import type { RequestRefusedError, SimulatedRefusal } from "../simulated-refusal.ts";
import { checkWandbRequest } from "./check-wandb-request.ts";
import { WANDB_MODELS } from "./wandb-models.ts";
import { wandbError, wandbTypicalError } from "./wandb-typical-error.ts";

function usageOf({ usage }: SimulatedAnswer): unknown {
  if (usage === null) return null;
  return {
    prompt_tokens: usage.inputTokens,
    total_tokens: usage.inputTokens + usage.outputTokens,
    completion_tokens: usage.outputTokens,
    prompt_tokens_details: usage.cachedTokens === 0 ? null : { cached_tokens: usage.cachedTokens },
  };
}

const STYLE: ChatStyle = {
  idPrefix: "chatcmpl-",
  showsReasoning: true,
  splitsToolCalls: true,
  extra: "",
  tierPlace: "nowhere",
  usagePlace: "own-chunk",
  firstExtra: () => "",
  finishExtra: () => "",
  padding: () => "",
  usage: usageOf,
};

/**
 * W&B Inference, as of November 2026. Its error envelope is undocumented; the simulator uses three of such stacks, so that
 * a client must read them all: `{ error }` for refusals of the gateway, `{ detail }` for parameters, a bare object for the context.
 */
export function createWandbWire(
  key: string,
  limits: ModelLimits,
  isServed: (adapter: string) => boolean,
): ProviderWire {
  const models = Object.keys(WANDB_MODELS).map((id) => ({
    id,
    object: "model",
    created: 0,
    owned_by: "system",
    root: id,
  }));
  return {
    provider: "wandb",
    basePath: "/wandb/v1",
    chatPath: "/chat/completions",
    modelsPath: "/models",
    keepAlive: null,
    checkHeaders(headers) {
      const project = headerOf(headers, "openai-project");
      const projectFits = project === null || /^[\w.-]+\/[\w.-]+$/.test(project);
      return bearerOf(headers) === key && projectFits ? null : wandbError(401, "Authentication failed");
    },
    read: (body) => checkWandbRequest(body, (id, model) => ({ ...model, ...limits[id] }), isServed),
    refuse,
    unknownPath: () => ({ status: 404, body: { detail: "Not Found" } }),
    typicalError: wandbTypicalError,
    inBandError: () => ({ message: "The server had an error while processing your request", code: 500 }),
    errorEvent: (error) => `data: ${JSON.stringify({ error })}\n\n`,
    errorBody: (error) => ({ error }),
    models: (id) =>
      id === null ? { object: "list", data: models } : (models.find((model) => model.id === id) ?? null),
    // None is documented.
    headers: () => ({}),
    json: (_ask, answer, exchange) => chatJson(STYLE, answer, exchange),
    events: (ask, answer, exchange) => chatEvents(STYLE, ask, answer, exchange),
  };
}

function refuse(refused: RequestRefusedError): SimulatedRefusal {
  switch (refused.kind) {
    case "model-not-found":
      return wandbError(404, refused.message);
    case "context-length":
    case "other":
      return {
        status: 400,
        body: { object: "error", message: refused.message, type: "BadRequestError", param: refused.path, code: 400 },
      };
    default:
      return {
        status: 422,
        body: { detail: [{ loc: ["body", ...stepsOf(refused.path)], msg: refused.message, type: typeOf(refused) }] },
      };
  }
}

const stepsOf = (path: string | null): (string | number)[] =>
  (path ?? "")
    .split(/[.[\]]+/)
    .filter(Boolean)
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step));

const TYPES: Readonly<Partial<Record<RequestRefusedError["kind"], string>>> = {
  missing: "missing",
  unknown: "extra_forbidden",
  type: "type_error",
};

const typeOf = ({ kind }: RequestRefusedError): string => TYPES[kind] ?? "value_error";
