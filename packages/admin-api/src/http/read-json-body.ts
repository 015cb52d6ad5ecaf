import type { Clock } from "@babylon/llm-core";
import { findForbiddenKeys } from "@babylon/settings-store/schema";
import * as v from "valibot";
import { AdminError } from "./admin-error.ts";
import { invalidBody } from "./invalid-body.ts";

/** Settings of hundreds of agents fit ten times. */
const MAX_BYTES = 64 * 1024;
/** Deeper than any valid body. */
const MAX_DEPTH = 12;

/** How long a body may take. */
export interface BodyLimits {
  readonly clock: Clock;
  /** From the start of reading to the end of the body, milliseconds. */
  readonly bodyTimeoutMs: number;
}

const tooLarge = () => new AdminError("too_large", "the body is larger than 64 KiB");

async function readText(request: Request, limits: BodyLimits): Promise<string> {
  if (Number(request.headers.get("content-length") ?? 0) > MAX_BYTES) throw tooLarge();
  if (request.body === null) return "";
  const reader = request.body.getReader();
  const { expiry, cancel } = startExpiry(limits);
  try {
    return await readToEnd(reader, expiry);
  } catch (thrown) {
    // The response does not wait for the rest of the body, and an error of the rest does not matter.
    reader.cancel().catch(() => {});
    throw thrown;
  } finally {
    cancel();
  }
}

/** @param expiry - rejects when the time is up */
async function readToEnd(reader: ReadableStreamDefaultReader<Uint8Array>, expiry: Promise<never>): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for (;;) {
    const { done, value } = await Promise.race([reader.read(), expiry]);
    if (done) return text + decoder.decode();
    bytes += value.byteLength;
    if (bytes > MAX_BYTES) throw tooLarge();
    text += decoder.decode(value, { stream: true });
  }
}

/** Limits the body as a whole, so that a byte now and then does not keep a request open. */
function startExpiry({ clock, bodyTimeoutMs }: BodyLimits): { expiry: Promise<never>; cancel: () => void } {
  let handle: unknown;
  const expiry = new Promise<never>((_, reject) => {
    const tooSlow = () =>
      reject(new AdminError("body_timeout", `the body did not arrive within ${bodyTimeoutMs / 1_000} s`));
    handle = clock.setTimeout(tooSlow, bodyTimeoutMs);
  });
  return { expiry, cancel: () => clock.clearTimeout(handle) };
}

const isJson = (contentType: string | null) =>
  contentType !== null && /^application\/json\s*(?:;|$)/i.test(contentType.trim());

/**
 * The JSON body of a request: of type `application/json`, at most 64 KiB, within the limit of time, without names that reach a
 * prototype.
 *
 * @param allowEmpty - treat a missing body as `{}`
 */
export async function readJsonBody(request: Request, limits: BodyLimits, allowEmpty = false): Promise<unknown> {
  const contentType = request.headers.get("content-type");
  const mayBeEmpty = allowEmpty && contentType === null;
  if (!mayBeEmpty && !isJson(contentType)) {
    throw new AdminError("unsupported_media_type", "expected a body of type application/json");
  }
  const text = await readText(request, limits);
  if (allowEmpty && text === "") return {};
  if (mayBeEmpty) throw new AdminError("unsupported_media_type", "expected a body of type application/json");
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw invalidBody([{ path: "", message: "not JSON" }]);
  }
  const forbidden = findForbiddenKeys(body, "", MAX_DEPTH);
  if (forbidden.length > 0) throw invalidBody(forbidden);
  return body;
}

/** Validates a body. Throws `invalid_body` with the paths of its errors. */
export function parseBody<T>(schema: v.GenericSchema<unknown, T>, body: unknown): T {
  const result = v.safeParse(schema, body);
  if (result.success) return result.output;
  throw invalidBody(result.issues.map((issue) => ({ path: v.getDotPath(issue) ?? "", message: issue.message })));
}
