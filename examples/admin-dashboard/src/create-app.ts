import { type Authorize, createAdminHandler } from "@babylon/admin-api";
import type { BabylonLLM } from "@babylon/llm";
import type { Logger } from "@babylon/llm-core";
import type { ProviderSimulator } from "@babylon/llm-testing";
import type { RecordStore } from "@babylon/record-store";
import type { Tuning } from "@babylon/tuning";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { PageFile } from "./build-page.ts";
import type { CallLog } from "./call-log.ts";
import type { DashboardState } from "./dashboard-state.ts";
import { toSimulatedProvider } from "./find-providers.ts";

/** The parts of the app. */
export interface AppParts {
  readonly llm: BabylonLLM;
  readonly records: RecordStore;
  readonly authorize: Authorize;
  readonly page: ReadonlyMap<string, PageFile>;
  readonly calls: CallLog;
  readonly simulator: ProviderSimulator | null;
  readonly tuning: Tuning | null;
  readonly logger: Logger;
  /** The page's own origins. */
  readonly origins: () => readonly string[];
}

const PAGE_HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

/** The routes of the dashboard: the admin API, the state of the demo, and the page. */
export function createApp({
  llm,
  records,
  authorize,
  page,
  calls,
  simulator,
  tuning,
  logger,
  origins,
}: AppParts): Hono {
  const broken = new Set<string>();
  const app = new Hono();
  let admin: ((request: Request) => Promise<Response>) | null = null;
  // Created at the first request: the origins are known only when the server listens.
  app.all("/api/admin/*", ({ req }) => {
    admin ??= createAdminHandler({
      llm,
      settings: llm.settings,
      records,
      budget: llm.budget ?? undefined,
      experiments: llm.experiments,
      tuning,
      authorize,
      logger,
      allowedOrigins: origins(),
    });
    return admin(req.raw);
  });

  app.use("/api/dashboard/*", async ({ req }, next) => {
    const authorized = await authorize(req.raw);
    if (authorized instanceof Response) return authorized;
    return next();
  });
  app.get("/api/dashboard/state", ({ json }) => {
    const state: DashboardState = { simulated: simulator !== null, broken: [...broken], calls: calls.list() };
    return json(state, 200, { "cache-control": "no-store" });
  });
  app.put("/api/dashboard/broken/:provider", bodyLimit({ maxSize: 64 }), async ({ req, json }) => {
    const provider = toSimulatedProvider(req.param("provider"));
    if (simulator === null || provider === undefined) return json({ error: "no such simulated provider" }, 404);
    const on: unknown = await req.json().catch(() => null);
    simulator.setFault(provider, on === true ? { kind: "status", status: 503 } : null);
    if (on === true) broken.add(provider);
    else broken.delete(provider);
    return json({ broken: [...broken] });
  });

  app.get("*", ({ req, body, notFound }) => {
    const file = page.get(req.path === "/" ? "/index.html" : req.path);
    if (file === undefined) return notFound();
    const cache = req.path.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache";
    return body(file.body, 200, { ...PAGE_HEADERS, "content-type": file.contentType, "cache-control": cache });
  });
  return app;
}
