import { copyFileSync } from "node:fs";

// The bundler leaves the stylesheet alone: hosts load it by its own name.
for (const file of ["styles.css", "styles.d.ts"]) {
  copyFileSync(new URL(`../src/${file}`, import.meta.url), new URL(`../dist/${file}`, import.meta.url));
}
