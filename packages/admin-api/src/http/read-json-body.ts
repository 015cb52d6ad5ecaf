import * as v from "valibot";
import type { BodyIssue } from "../contract.ts";
import { AdminError } from "./admin-error.ts";

/** Settings of hundreds of agents fit ten times. */
const MAX_BYTES = 64 * 1024;
/** Deeper than any body is. */
const MAX_DEPTH = 12;
const FORBIDDEN: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

const tooLarge = () => new AdminError("too_large", "the body is larger than 64 KiB");

function invalid(issues: readonly BodyIssue[]): AdminError {
  const [first] = issues;
  const where = first === undefined || first.path === "" ? "" : `${first.path}: `;
  return new AdminError("invalid_body", `Invalid request body: ${where}${first?.message ?? "not as expected"}`, {
    issues,
  });
}

async function readText(request: Request): Promise<string> {
  if (Number(request.headers.get("content-length") ?? 0) > MAX_BYTES) throw tooLarge();
  if (request.body === null) return "";
  const decoder = new TextDecoder();
  const reader = request.body.getReader();
  let text = "";
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    bytes += value.byteLength;
    if (bytes > MAX_BYTES) {
      // The answer does not wait for the rest, and the rest's failure is nobody's concern.
      reader.cancel().catch(() => {});
      throw tooLarge();
    }
    text += decoder.decode(value, { stream: true });
  }
}

function findForbidden(value: unknown, path: string, depth: number): BodyIssue | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (depth > MAX_DEPTH) return { path: path.slice(0, 100), message: "is nested too deep" };
  for (const [key, member] of Object.entries(value)) {
    const at = path === "" ? key : `${path}.${key}`;
    if (FORBIDDEN.has(key)) return { path: at, message: "this name is not allowed" };
    const found = findForbidden(member, at, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

const isJson = (contentType: string | null) =>
  contentType !== null && /^application\/json\s*(?:;|$)/i.test(contentType.trim());

/**
 * The JSON body of a request: of type `application/json`, at most 64 KiB, without names that reach a prototype.
 *
 * @param allowEmpty - take no body at all for `{}`
 */
export async function readJsonBody(request: Request, allowEmpty = false): Promise<unknown> {
  const contentType = request.headers.get("content-type");
  const mayBeEmpty = allowEmpty && contentType === null;
  if (!mayBeEmpty && !isJson(contentType)) {
    throw new AdminError("unsupported_media_type", "expected a body of type application/json");
  }
  const text = await readText(request);
  if (allowEmpty && text === "") return {};
  if (mayBeEmpty) throw new AdminError("unsupported_media_type", "expected a body of type application/json");
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw invalid([{ path: "", message: "not JSON" }]);
  }
  const forbidden = findForbidden(body, "", 0);
  if (forbidden !== undefined) throw invalid([forbidden]);
  return body;
}

/** Holds a body to its schema. Throws `invalid_body` with the paths of what is wrong. */
export function parseBody<T>(schema: v.GenericSchema<unknown, T>, body: unknown): T {
  const result = v.safeParse(schema, body);
  if (result.success) return result.output;
  throw invalid(
    result.issues.slice(0, 10).map((issue) => ({ path: v.getDotPath(issue) ?? "", message: issue.message })),
  );
}
