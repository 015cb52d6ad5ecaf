import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { compressedSize, entrySizes } from "./package-sizes.ts";

const folder = mkdtempSync(join(tmpdir(), "sizes-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
mkdirSync(join(folder, "dist"));
writeFileSync(join(folder, "dist", "big.js"), `export const noise = "${randomBytes(4_000).toString("base64")}";\n`);
writeFileSync(
  join(folder, "dist", "index.js"),
  `import { heavy } from "heavy";\nexport const load = () => [heavy, import("./big.js")];\n`,
);
writeFileSync(
  join(folder, "package.json"),
  JSON.stringify({ name: "@babylon/unlisted", exports: { ".": { default: "./dist/index.js" } } }),
);

it("includes lazily loaded files of an entry, but not other packages", async () => {
  const bytes = await compressedSize(join(folder, "dist", "index.js"));
  expect(bytes).toBeGreaterThan(4_000);
  expect(bytes).toBeLessThan(6_000);
});

it("has no budget for an unlisted entry", async () => {
  expect(await entrySizes(folder)).toMatchObject([{ entry: "@babylon/unlisted", budget: null }]);
});
