import {
  createLLMClient,
  EMPTY_SETTINGS,
  type LLMClient,
  type LogFields,
  type ModelInfo,
  type SystemSettings,
} from "@babylon/llm-core";
import { createFakeClock, type FakeClock, type MockProvider, type MockStep, mockProvider } from "@babylon/llm-testing";
import { authorizeBearer } from "../authorize-bearer.ts";
import type { AdminData, AdminReply } from "../contract.ts";
import { type AdminHandlerOptions, createAdminHandler } from "../create-admin-handler.ts";
import { type MemorySettings, memorySettings } from "./memory-settings.ts";

export const TOKEN = "a-token-for-tests-0001";
export const KEYS: Readonly<Record<string, string>> = {
  WANDB_API_KEY: "wb-4f1c9a7e2d",
  GROQ_API_KEY: "gq-77aa12bb90",
};
const PATH = "/api/admin/ai-models";

const model = (id: string, recommended = false): ModelInfo => ({
  id,
  name: id,
  description: null,
  recommended,
  contextTokens: null,
  maxOutputTokens: null,
  retiresAt: null,
});

export interface StartOptions extends Partial<Omit<AdminHandlerOptions, "llm" | "settings">> {
  readonly env?: Readonly<Record<string, string>>;
  readonly initial?: SystemSettings;
  /** Default: in memory, with the initial ones. */
  readonly settings?: MemorySettings;
  readonly steps?: Readonly<Record<string, readonly MockStep[]>>;
  /** Replaces methods of a provider. */
  readonly override?: Readonly<Record<string, Partial<MockProvider>>>;
}

/** No reply of any test contains a key, a token or a source location. */
function refuseSecrets(reply: string): void {
  for (const secret of [...Object.values(KEYS), TOKEN]) {
    if (reply.includes(secret)) throw new Error(`a reply holds a secret: ${reply.slice(0, 2_000)}`);
  }
  if (/\bat .*\.ts:\d+/.test(reply)) throw new Error(`a reply holds a stack: ${reply.slice(0, 2_000)}`);
}

/** The reply to a plain request. */
export interface PlainReply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** A handler with its client, providers and clock. */
export interface StartedAdmin {
  handler(request: Request): Promise<Response>;
  send(request: Request): Promise<PlainReply>;
  call<T = AdminData>(
    method: string,
    below?: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<{ status: number; reply: AdminReply<T> }>;
  /** The data of a successful reply. */
  data<T = AdminData>(method: string, below?: string, body?: unknown): Promise<T>;
  readonly llm: LLMClient;
  readonly settings: MemorySettings;
  readonly clock: FakeClock;
  readonly logged: readonly { message: string; fields: LogFields | undefined }[];
  readonly providers: readonly MockProvider[];
}

/** A handler with a real client and scripted providers, and a function that calls it. */
export function startAdmin(options: StartOptions = {}): StartedAdmin {
  const { env = KEYS, initial = EMPTY_SETTINGS, steps = {}, override = {}, ...rest } = options;
  const clock: FakeClock = createFakeClock();
  const providers = ["wandb", "groq", "claude", "openai"].map((id) => ({
    ...mockProvider({
      id,
      name: id === "wandb" ? "Weights & Biases" : id,
      models: [model(`${id}-model`, true), model(`${id}/other`)],
      retired: { [`${id}-old`]: { retiredAt: "2026-08-16", replacement: `${id}-model` } },
      configured: (current) => current[`${id.toUpperCase()}_API_KEY`] !== undefined,
      ...(steps[id] === undefined ? {} : { steps: steps[id] }),
    }),
    ...override[id],
  }));
  const settings = options.settings ?? memorySettings(initial);
  const logged: { message: string; fields: LogFields | undefined }[] = [];
  const note = (message: string, fields?: LogFields) => void logged.push({ message, fields });
  const llm: LLMClient = createLLMClient({ providers, env, settings, clock, retry: { maxRetries: 0 } });
  const handler = createAdminHandler({
    llm,
    clock,
    authorize: authorizeBearer({ ana: TOKEN, ben: `${TOKEN}-ben` }),
    logger: { debug: note, info: note, warn: note, error: note },
    ...rest,
    settings,
  });

  async function send(request: Request): Promise<PlainReply> {
    const response = await handler(request);
    const text = await response.text();
    refuseSecrets(text);
    refuseSecrets(JSON.stringify([...response.headers]));
    return { status: response.status, headers: response.headers, text };
  }

  async function call<T = AdminData>(method: string, below = "", body?: unknown, headers: Record<string, string> = {}) {
    const { status, text } = await send(
      new Request(`http://admin.test${PATH}${below}`, {
        method,
        headers: {
          authorization: `Bearer ${TOKEN}`,
          ...(body === undefined ? {} : { "content-type": "application/json" }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
      }),
    );
    const reply: AdminReply<T> = JSON.parse(text);
    return { status, reply };
  }

  async function data<T = AdminData>(method: string, below = "", body?: unknown): Promise<T> {
    const { reply } = await call<T>(method, below, body);
    if (!reply.success) throw new Error(`${method} ${below}: ${reply.code}: ${reply.error}`);
    return reply.data;
  }

  return { handler, send, call, data, llm, settings, clock, logged, providers };
}
