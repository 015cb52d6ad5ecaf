import { registerHooks } from "node:module";

/** The copies of the API in the tests. */
const COPIES: Readonly<Record<string, string>> = { "1.9": "otel-api-1.9", "1.10": "@opentelemetry/api" };

const isSdk = (parent: string | undefined): boolean => /\/node_modules\/(?:@opentelemetry\/|otel-)/.test(parent ?? "");

/**
 * Gives each importer its copy of `@opentelemetry/api`: as it is where an application has installed an SDK with one version and this
 * package has found another.
 */
export function hookApi({ sdk, own }: { readonly sdk: string; readonly own: string }): void {
  registerHooks({
    resolve(specifier, context, next) {
      if (specifier !== "@opentelemetry/api") return next(specifier, context);
      const copy = COPIES[isSdk(context.parentURL) ? sdk : own] ?? specifier;
      return next(copy, { ...context, parentURL: import.meta.url });
    },
  });
}
