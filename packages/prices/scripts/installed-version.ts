import { readFileSync } from "node:fs";

/** The version of `@pydantic/genai-prices` that is installed. */
export function installedVersion(): string {
  const manifest = new URL("../node_modules/@pydantic/genai-prices/package.json", import.meta.url);
  const { version }: { version: string } = JSON.parse(readFileSync(manifest, "utf8"));
  return version;
}
