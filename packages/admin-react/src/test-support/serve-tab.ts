import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Page, Route } from "playwright-core";
import { build } from "vite";

/** Where Debian and Ubuntu have Chromium. */
export const CHROMIUM = "/usr/bin/chromium";
export const TOKEN = "a-token-for-tests-0001";

const STYLES = readFileSync(new URL("../styles.css", import.meta.url), "utf8");

const HOST =
  ":root { color-scheme: light dark } body { margin: 0; padding: 16px; background: light-dark(#fff, #101215) }";

const place = (name: string) => fileURLToPath(new URL(`../../node_modules/${name}`, import.meta.url));

/** The tab and nothing else, as one script, with the React of some folders. */
export async function bundleTab(react: string, reactDom: string): Promise<string> {
  const built = await build({
    configFile: false,
    envFile: false,
    logLevel: "error",
    mode: "production",
    resolve: {
      alias: [
        { find: /^react($|\/)/, replacement: `${place(react)}$1` },
        { find: /^react-dom($|\/)/, replacement: `${place(reactDom)}$1` },
      ],
    },
    build: {
      write: false,
      rollupOptions: {
        input: fileURLToPath(new URL("./page/main.tsx", import.meta.url)),
        output: { format: "iife" },
      },
    },
  });
  for (const result of Array.isArray(built) ? built : [built]) {
    if (!("output" in result)) continue;
    for (const file of result.output) if (file.type === "chunk") return file.code;
  }
  throw new Error("nothing was built");
}

/** What a page in a test is made of. */
export interface ServedTab {
  readonly script: string;
  /** The admin routes, at `/models`. */
  handler(request: Request): Promise<Response>;
  /** Attributes of the body, such as `data-theme="dark"`. */
  readonly body?: string;
  /** Styles of the host. */
  readonly css?: string;
  /** Receives each reply of the routes. */
  onReply?(text: string): void;
}

async function answer(route: Route, { handler, onReply }: ServedTab): Promise<void> {
  const request = route.request();
  const body = request.postData();
  const reply = await handler(
    new Request(request.url(), {
      method: request.method(),
      headers: request.headers(),
      ...(body === null ? {} : { body }),
    }),
  );
  const text = await reply.text();
  onReply?.(text);
  await route.fulfill({ status: reply.status, headers: Object.fromEntries(reply.headers), body: text });
}

/** Serves the tab to a page under `http://tab.test/`. Returns the errors of its scripts as they happen. */
export async function serveTab(page: Page, tab: ServedTab): Promise<readonly string[]> {
  const errors: string[] = [];
  page.on("pageerror", ({ message }) => errors.push(message));
  page.on("console", (message) => void (message.type() === "error" && errors.push(message.text())));
  await page.route("**/*", (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname.startsWith("/models")) return answer(route, tab);
    if (pathname === "/script.js")
      return route.fulfill({ contentType: "text/javascript; charset=utf-8", body: tab.script });
    if (pathname === "/styles.css") return route.fulfill({ contentType: "text/css", body: STYLES });
    const html = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Tab</title><link rel="icon" href="data:,">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <link rel="stylesheet" href="/styles.css"><style>${HOST}${tab.css ?? ""}</style>
      <body ${tab.body ?? ""}><main></main><script src="/script.js"></script></body></html>`;
    return route.fulfill({ contentType: "text/html", body: html });
  });
  return errors;
}
