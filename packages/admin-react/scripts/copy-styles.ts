import { copyFileSync } from "node:fs";

// The bundler leaves the stylesheet alone: hosts load it by its own name.
copyFileSync(new URL("../src/styles.css", import.meta.url), new URL("../dist/styles.css", import.meta.url));
