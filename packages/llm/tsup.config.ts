import type { defineConfig, Options } from "tsup";
import base from "../../tsup.config.ts";

// What a client of the four providers needs before its first call, in one file instead of nine: finding and loading the others is a quarter of a
// start. All packages have the same version. What a call needs stays in the packages.
const factories = /^@babylon\/provider-(?:wandb|groq|claude|openai|openai-compatible|kit\/factory)$/;
const config: ReturnType<typeof defineConfig> = { ...base, noExternal: ["valibot", factories] } satisfies Options;

export default config;
