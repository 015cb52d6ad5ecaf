import { copyFileSync } from "node:fs";

// The stylesheet is not bundled: hosts import it separately.
for (const file of ["styles.css", "styles.d.ts"]) {
  copyFileSync(new URL(`../src/${file}`, import.meta.url), new URL(`../dist/${file}`, import.meta.url));
}
