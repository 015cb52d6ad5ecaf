import { SettingsError } from "../settings-error.ts";

/** The Keyv adapters that a URL can ask for. */
export type AdapterPackage = "@keyv/sqlite" | "@keyv/redis" | "@keyv/postgres";

/** Imports a package by name. Give your own where a bundler or a test needs another one in its place. */
export type ImportPackage = (name: AdapterPackage) => Promise<unknown>;

/** The versions that the store is tested with. The adapters for Keyv 6 are pre-releases, so each is named exactly. */
const TESTED: Readonly<Record<AdapterPackage, string>> = {
  "@keyv/sqlite": "6.0.0-beta.4",
  "@keyv/redis": "6.0.0-rc.1",
  "@keyv/postgres": "6.0.0-beta.4",
};

/** The specifiers are written out, so that bundlers see them. */
export const importAdapterPackage: ImportPackage = (name) => {
  switch (name) {
    case "@keyv/sqlite":
      return import("@keyv/sqlite");
    case "@keyv/redis":
      return import("@keyv/redis");
    case "@keyv/postgres":
      return import("@keyv/postgres");
  }
};

/** A class whose instances are storage adapters. */
export type AdapterClass = new (...options: unknown[]) => object;

/**
 * The adapter class that a package exports by default. Throws `unavailable` with the command that installs it when the package is not
 * there, and `incompatible_store` when it exports something else.
 */
export async function importAdapterClass(
  name: AdapterPackage,
  scheme: string,
  importPackage: ImportPackage,
): Promise<AdapterClass> {
  const module = await importPackage(name).catch((thrown: unknown) => {
    throw isMissing(thrown) ? missingPackage(name, scheme) : thrown;
  });
  const exported = typeof module === "object" && module !== null && "default" in module ? module.default : undefined;
  if (isClass(exported)) return exported;
  throw new SettingsError({
    code: "incompatible_store",
    message: `${name} does not export an adapter class; this version of the store knows ${name}@${TESTED[name]}`,
  });
}

function isClass(value: unknown): value is AdapterClass {
  return typeof value === "function";
}

function isMissing(thrown: unknown): boolean {
  return typeof thrown === "object" && thrown !== null && "code" in thrown && thrown.code === "ERR_MODULE_NOT_FOUND";
}

function missingPackage(name: AdapterPackage, scheme: string): SettingsError {
  return new SettingsError({
    code: "unavailable",
    retryable: false,
    message: `${scheme}:// needs ${name}, which is not installed: npm install keyv@6.1.0 ${name}@${TESTED[name]}`,
  });
}
