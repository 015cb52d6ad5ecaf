import { type Clock, cleanCause, type Logger, silentLogger, systemClock } from "@babylon/llm-core";
import type { AdminContext, AdminRequest } from "./admin-context.ts";
import type { AdminBudget, AdminExperiments, AdminLLM, AdminRecords, AdminSettings } from "./admin-shapes.ts";
import type { Authorize, Permission } from "./authorize.ts";
import { createSpenderReader } from "./budgets/window-spenders.ts";
import { AdminError } from "./http/admin-error.ts";
import { toErrorResponse } from "./http/json-response.ts";
import { refuseCrossSite } from "./http/refuse-cross-site.ts";
import { createModelLists } from "./model-lists.ts";
import { createRateLimit } from "./rate-limit.ts";
import { changeExperiment } from "./routes/change-experiment.ts";
import { listBudgets } from "./routes/list-budgets.ts";
import { listCalls } from "./routes/list-calls.ts";
import { listExperiments } from "./routes/list-experiments.ts";
import { readHistory } from "./routes/read-history.ts";
import { readPage } from "./routes/read-page.ts";
import { rollBack } from "./routes/roll-back.ts";
import { saveSettings } from "./routes/save-settings.ts";
import { showCall } from "./routes/show-call.ts";
import { showCourse } from "./routes/show-course.ts";
import { showExperiment } from "./routes/show-experiment.ts";
import { showUsage } from "./routes/show-usage.ts";
import { testModel } from "./routes/test-model.ts";
import { writeOffBudget } from "./routes/write-off-budget.ts";

/** Options of {@link createAdminHandler}. */
export interface AdminHandlerOptions {
  readonly llm: AdminLLM;
  readonly settings: AdminSettings;
  /** The stored records of calls, for `/usage` and `/calls`. Default: none, and these routes are a 404. */
  readonly records?: AdminRecords | undefined;
  /** The budgets, for `/budgets`. Their rules are edited with the settings. Default: none, and these routes are a 404. */
  readonly budget?: AdminBudget | undefined;
  /** The experiments, for the reports of `/experiments/:id` and `/experiments/:id/course`. Default: none, and these routes are a 404. */
  readonly experiments?: AdminExperiments | null | undefined;
  /** Decides who may use the routes. There is no default: a page that is open to everyone needs an explicit function. */
  readonly authorize: Authorize;
  /** Default `/api/admin/ai-models`. */
  readonly basePath?: string | undefined;
  /**
   * The origins of the pages that may write, such as `https://admin.example.com`. Default: the origin that the request itself was
   * sent to. Set it where another host name could be made to resolve to this server, and where a proxy hides the public name.
   */
  readonly allowedOrigins?: readonly string[] | undefined;
  /** Tests per minute, of all visitors together. Default 20. */
  readonly testsPerMinute?: number | undefined;
  /** How long the body of a request may take to arrive, milliseconds; after that the response is a 408. Default 10 s. */
  readonly bodyTimeoutMs?: number | undefined;
  /** Default: silent. */
  readonly logger?: Logger | undefined;
  readonly clock?: Clock | undefined;
}

type Route = (context: AdminContext, request: AdminRequest) => Promise<Response>;

const ROUTES: Readonly<Record<string, Readonly<Record<string, Route>>>> = {
  "": { GET: readPage, PUT: saveSettings },
  "/test": { POST: testModel },
  "/history": { GET: readHistory },
  "/rollback": { POST: rollBack },
  "/usage": { GET: showUsage },
  "/calls": { GET: listCalls },
  "/calls/:": { GET: showCall },
  "/budgets": { GET: listBudgets },
  "/budgets/write-off": { POST: writeOffBudget },
  "/experiments": { GET: listExperiments },
  "/experiments/:": { GET: showExperiment, POST: changeExperiment },
  "/experiments/:/course": { GET: showCourse },
};

/** Longer than an id of this project; callers may pass their own. */
const MAX_SEGMENT = 300;

const MAX_ACTOR = 200;

/** Of all visitors together. A person reads the bill before each. */
const WRITE_OFFS_PER_MINUTE = 30;
const READ_AND_WRITE: readonly Permission[] = ["read", "write"];

function requirePermission(permissions: readonly Permission[], needed: Permission): void {
  if (permissions.includes(needed)) return;
  throw new AdminError("forbidden", `this needs the permission to ${needed}`);
}

function checkTimeout(bodyTimeoutMs: number): number {
  // A timer of more than 24.8 days would end at once.
  if (bodyTimeoutMs > 0 && bodyTimeoutMs < 2 ** 31) return bodyTimeoutMs;
  throw new TypeError("createAdminHandler: bodyTimeoutMs is a number of milliseconds above 0");
}

interface FoundRoute {
  readonly route: Route;
  readonly below: string | null;
}

/** A path as the name of its route, and the id in it. */
function splitPath(path: string): { readonly name: string; readonly below: string | null } {
  const [, name, encoded, rest = ""] = /^(\/(?:calls|experiments)\/)([^/]+)(\/course)?$/.exec(path) ?? [];
  if (name === undefined || encoded === undefined) return { name: path, below: null };
  try {
    const below = decodeURIComponent(encoded);
    if (below.length <= MAX_SEGMENT) return { name: `${name}:${rest}`, below };
  } catch {
    // Not UTF-8.
  }
  throw new AdminError("not_found", "no such route");
}

function findRoute(request: Request, basePath: string): FoundRoute {
  const { pathname } = new URL(request.url);
  const path = pathname.replace(/\/+$/, "");
  if (!path.startsWith(basePath)) throw new AdminError("not_found", "no such route");
  const { name, below } = splitPath(path.slice(basePath.length));
  const methods = Object.hasOwn(ROUTES, name) ? ROUTES[name] : undefined;
  if (methods === undefined) throw new AdminError("not_found", "no such route");
  const route = Object.hasOwn(methods, request.method) ? methods[request.method] : undefined;
  if (route === undefined) {
    throw new AdminError("method_not_allowed", `this route takes ${Object.keys(methods).join(", ")}`);
  }
  return { route, below };
}

/**
 * Makes the admin routes: `GET` and `PUT` at the base path, `POST /test`, `GET /history`, `POST /rollback`, `GET /experiments` and
 * `POST /experiments/:id` below it, with records `GET /usage`, `/calls` and `/calls/:id`, with budgets `GET /budgets` and
 * `POST /budgets/write-off`, and with experiments `GET /experiments/:id` and
 * `GET /experiments/:id/course`. Runs wherever a `Request` becomes a `Response`. The handler never
 * rejects: every failure is JSON with a code, and an unexpected one is a 500 with an id that is also in the log.
 *
 * @throws TypeError when `authorize` is missing, or `bodyTimeoutMs` is not a number of milliseconds
 */
export function createAdminHandler(options: AdminHandlerOptions): (request: Request) => Promise<Response> {
  const { llm, settings, authorize, allowedOrigins, logger = silentLogger, clock = systemClock } = options;
  if (typeof authorize !== "function") throw new TypeError("createAdminHandler: authorize is required");
  const basePath = (options.basePath ?? "/api/admin/ai-models").replace(/\/+$/, "");
  const context: AdminContext = {
    llm,
    settings,
    records: options.records ?? null,
    budget: options.budget ?? null,
    spenders: createSpenderReader(options.records ?? null, clock),
    experiments: options.experiments ?? null,
    lists: createModelLists(llm, clock),
    testLimit: createRateLimit(options.testsPerMinute ?? 20, clock),
    writeOffLimit: createRateLimit(WRITE_OFFS_PER_MINUTE, clock),
    clock,
    bodyTimeoutMs: checkTimeout(options.bodyTimeoutMs ?? 10_000),
    logger,
    fail,
  };

  async function serve(request: Request): Promise<Response> {
    const authorized = await authorize(request);
    if (authorized instanceof Response) return authorized;
    // JavaScript callers may return anything; a visitor needs a name.
    const actor: unknown = authorized?.actor;
    if (typeof actor !== "string" || actor === "") throw new AdminError("unauthorized", "not authorized");
    const { permissions = READ_AND_WRITE } = authorized;
    if (request.method !== "GET") refuseCrossSite(request, allowedOrigins);
    const { route, below } = findRoute(request, basePath);
    requirePermission(permissions, request.method === "GET" ? "read" : "write");
    return route(context, { request, actor: actor.slice(0, MAX_ACTOR), permissions, below });
  }

  function fail(request: Request, thrown: unknown): Response {
    if (thrown instanceof AdminError) return toErrorResponse(thrown);
    const id = crypto.randomUUID();
    const cause = cleanCause(thrown);
    logger.error("an admin request failed", {
      id,
      method: request.method,
      path: new URL(request.url).pathname.slice(0, 200),
      error: cause === null ? null : `${cause.name}: ${cause.message}`,
      code: cause?.code ?? null,
    });
    return toErrorResponse(
      new AdminError("internal", "internal error; the server log has the cause under this id", { id }),
    );
  }

  return async (request) => {
    try {
      return await serve(request);
    } catch (thrown) {
      return fail(request, thrown);
    }
  };
}
