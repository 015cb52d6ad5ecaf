import { isLLMError, LLMError, type LLMErrorCode } from "@babylon/llm-core";
import { expect } from "vitest";
import type { Fault } from "../../simulator/fault/fault.ts";
import type { SimulatedProvider } from "../../simulator/simulated-provider.ts";
import type { ContractBench } from "./contract-bench.ts";

/** The codes of statuses with a vendor's typical body. `overloaded` and `server` have the same consequences. */
const STATUSES: Readonly<Record<number, readonly LLMErrorCode[]>> = {
  400: ["invalid_request"],
  401: ["auth"],
  402: ["quota"],
  403: ["permission"],
  404: ["model_not_found"],
  408: ["overloaded", "server"],
  409: ["overloaded", "server"],
  425: ["overloaded", "server"],
  429: ["rate_limit"],
  500: ["server"],
  502: ["server"],
  503: ["overloaded"],
  504: ["server", "overloaded"],
  529: ["overloaded"],
};

/** An exhausted quota in the format of each vendor. */
const QUOTA: Readonly<Record<SimulatedProvider, { readonly status: number; readonly body: unknown } | null>> = {
  wandb: {
    status: 429,
    body: {
      error: { message: "You exceeded your current quota, please check your plan and billing details", code: 429 },
    },
  },
  groq: null,
  claude: {
    status: 429,
    body: {
      type: "error",
      error: {
        type: "rate_limit_error",
        message: "Your organization has reached its spend limit.",
        details: { error_code: "enforced_spend_limit_reached" },
      },
    },
  },
  openai: {
    status: 429,
    body: {
      error: {
        message: "You exceeded your current quota, please check your plan and billing details.",
        type: "insufficient_quota",
        param: null,
        code: "insufficient_quota",
      },
    },
  },
};

/** Error replies of vendors. */
export function testErrors(bench: ContractBench): void {
  const { test } = bench;

  /** The errors of the same request, streamed and not streamed. */
  async function errorsOf(
    fault: Fault | null,
    fields: Parameters<ContractBench["request"]>[0] = {},
  ): Promise<LLMError[]> {
    bench.server.setFault(fault);
    const streamed = await bench.collect(bench.request(fields));
    const whole = await bench.rejection(bench.provider().generate(bench.request(fields), bench.context()));
    return [streamed.error, whole].map((error) => {
      if (!isLLMError(error)) throw new Error(`expected an LLMError, got ${String(error)}`);
      return error;
    });
  }

  for (const [status, codes] of Object.entries(STATUSES)) {
    test(`status ${status} is ${codes.join(" or ")}`, async () => {
      for (const error of await errorsOf({ kind: "status", status: Number(status) })) {
        expect(codes).toContain(error.code);
        const { retryable, fallback } = new LLMError({ code: error.code, message: "" });
        expect(error).toMatchObject({ retryable, fallback, status: Number(status) });
        expect([error.provider, error.model]).toEqual([bench.provider().id, bench.model]);
      }
    });
  }

  test("a wait that the vendor requests is in the error", async () => {
    const headers = { "retry-after": "7", "retry-after-ms": null };
    for (const error of await errorsOf({ kind: "status", status: 429, headers })) {
      expect([error.code, error.retryAfterMs]).toEqual(["rate_limit", 7_000]);
    }
    for (const error of await errorsOf({ kind: "status", status: 503, headers: { "retry-after-ms": "250" } })) {
      expect([error.code, error.retryAfterMs]).toEqual(["overloaded", 250]);
    }
  });

  test("x-should-retry of the vendor overrides the table", async () => {
    for (const error of await errorsOf({ kind: "status", status: 503, headers: { "x-should-retry": "false" } })) {
      expect(error.retryable).toBe(false);
    }
    for (const error of await errorsOf({ kind: "status", status: 400, headers: { "x-should-retry": "true" } })) {
      expect(error.retryable).toBe(true);
    }
  });

  const quota = bench.wire === null ? null : QUOTA[bench.wire];
  if (quota !== null) {
    test("an exhausted quota is not a rate limit, with any status", async () => {
      for (const error of await errorsOf({ kind: "status", ...quota })) {
        expect([error.code, error.retryable]).toEqual(["quota", false]);
      }
    });
  }

  test("an HTML page or an empty body is classified by the status", async () => {
    for (const body of ["<html><body>Bad gateway</body></html>", ""]) {
      for (const error of await errorsOf({ kind: "status", status: 502, body })) expect(error.code).toBe("server");
    }
  });

  test("a model that the vendor does not serve is model_not_found", async () => {
    for (const error of await errorsOf(null, { model: "no-such-model" })) {
      expect([error.code, error.model]).toEqual(["model_not_found", "no-such-model"]);
    }
  });

  test("a wrong key is auth, and does not appear in the error", async () => {
    const apiKey = "sk-wrong-key-1234567890abcdef";
    const provider = bench.provider({ apiKey });
    const streamed = await bench.collect(bench.request(), bench.context(), provider);
    const whole = await bench.rejection(provider.generate(bench.request(), bench.context()));
    for (const error of [streamed.error, whole]) {
      expect(isLLMError(error, "auth"), String(error)).toBe(true);
      expectClean(error, [apiKey]);
    }
  });

  test("an error that repeats key and prompt contains neither", async () => {
    const secret = "the-secret-plan-of-the-baroness";
    const body = { error: { message: `key ${bench.server.apiKey} refused: ${secret}`, type: "invalid_request_error" } };
    const messages = [{ role: "user", content: secret }] as const;
    for (const error of await errorsOf({ kind: "status", status: 400, body }, { messages })) {
      expectClean(error, [bench.server.apiKey, secret]);
    }
  });

  test("a refused connection is network", async () => {
    const provider = bench.provider({ baseURL: "http://127.0.0.1:9" });
    const streamed = await bench.collect(bench.request(), bench.context(), provider);
    const whole = await bench.rejection(provider.generate(bench.request(), bench.context()));
    for (const error of [streamed.error, whole]) {
      expect(isLLMError(error, "network") && error.retryable && error.status === null, String(error)).toBe(true);
    }
  });
}

function expectClean(error: unknown, secrets: readonly string[]): void {
  if (!isLLMError(error)) throw new Error(`expected an LLMError, got ${String(error)}`);
  const output = [JSON.stringify(error), error.message, error.stack ?? "", JSON.stringify(error.cause ?? null)].join(
    "\n",
  );
  for (const secret of secrets) expect(output).not.toContain(secret);
}
