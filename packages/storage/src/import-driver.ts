import { StorageError } from "./storage-error.ts";

/** The drivers that are not part of Node. */
export type DriverPackage = "@redis/client" | "pg";

/** Imports a package by name. Give your own to have the driver in a bundle, or another one in its place in a test. */
export type ImportDriver = (name: DriverPackage) => Promise<unknown>;

/** The major versions that the storage is tested with. */
const INSTALL: Readonly<Record<DriverPackage, string>> = {
  "@redis/client": "npm install @redis/client@6",
  pg: "npm install pg@8",
};

/**
 * Bundlers skip the import, so that one without the driver builds: the driver is looked up when it is used, from where the bundle is. The
 * name is no literal for esbuild and Rollup; the comments are for webpack, Turbopack and Vite, which look at expressions, too.
 */
export const importDriver: ImportDriver = (name) =>
  import(/* webpackIgnore: true */ /* turbopackIgnore: true */ /* @vite-ignore */ name);

/** The module of a driver. Throws `unavailable` with the command that installs the package where it is missing. */
export async function loadDriver<T>(
  name: DriverPackage,
  importPackage: ImportDriver,
  isDriver: (module: unknown) => module is T,
): Promise<T> {
  const module = await importPackage(name).catch((thrown: unknown) => {
    throw isMissing(thrown) ? unusable(`${name} is not installed: ${INSTALL[name]}`, thrown) : thrown;
  });
  // A CommonJS package has its names on the default export; some bundlers add them beside it.
  const driver = isDriver(module) ? module : defaultOf(module);
  if (isDriver(driver)) return driver;
  throw unusable(`this version of ${name} is not supported: ${INSTALL[name]}`);
}

function defaultOf(module: unknown): unknown {
  return typeof module === "object" && module !== null && "default" in module ? module.default : undefined;
}

function isMissing(thrown: unknown): boolean {
  if (typeof thrown !== "object" || thrown === null || !("code" in thrown)) return false;
  return thrown.code === "ERR_MODULE_NOT_FOUND" || thrown.code === "MODULE_NOT_FOUND";
}

function unusable(message: string, cause?: unknown): StorageError {
  return new StorageError({ message, applied: "no", retryable: false, cause });
}
