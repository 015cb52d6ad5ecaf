import { fileURLToPath } from "node:url";
import { build } from "vite";

/** A file of the page. */
export interface PageFile {
  readonly body: string | Uint8Array<ArrayBuffer>;
  readonly contentType: string;
}

const TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
};

/** Builds the page and keeps it in memory: its files by path, `/index.html` among them. */
export async function buildPage(): Promise<ReadonlyMap<string, PageFile>> {
  const built = await build({
    root: fileURLToPath(new URL("./page", import.meta.url)),
    configFile: false,
    envFile: false,
    logLevel: "error",
    build: { write: false, target: "es2023", modulePreload: false, assetsInlineLimit: 0 },
    // Without the host's environment and not a development build: the page that users get.
    mode: "production",
  });
  const files = new Map<string, PageFile>();
  for (const result of Array.isArray(built) ? built : [built]) {
    if (!("output" in result)) continue;
    for (const file of result.output) {
      const contentType = TYPES[file.fileName.split(".").at(-1) ?? ""] ?? "application/octet-stream";
      const body = file.type === "chunk" ? file.code : file.source;
      files.set(`/${file.fileName}`, { body: typeof body === "string" ? body : new Uint8Array(body), contentType });
    }
  }
  return files;
}
