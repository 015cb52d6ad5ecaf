import type { ProviderSimulator } from "@babylon/llm-testing";
import type { RunningProgram } from "./run-program.ts";

/** The tools for the check of a place. */
export interface PlaceContext {
  /** The installed application. */
  readonly folder: string;
  /** Simulates the providers. */
  readonly simulator: ProviderSimulator;
  /** An empty folder for this place only. */
  readonly scratch: string;
  /** Runs a command of the application to its end and returns its output. */
  run(command: string, args: readonly string[], options?: RunOptions): Promise<string>;
  /** Starts a server command. It is stopped with the place. */
  start(command: string, args: readonly string[], options?: RunOptions): Promise<RunningProgram>;
}

/** The options of a command. */
export interface RunOptions {
  /** Default: the application's. */
  readonly cwd?: string | undefined;
  /** In addition to PATH, HOME, keys and base URLs of the simulator, the token and a separate settings file. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** The URL of a server that does not print it. */
  readonly port?: number | undefined;
}

/** A place: a kind of application that uses the packages. */
export interface Place {
  readonly name: string;
  /** The folder of `places/` that it is built from. Places of one application are installed together and run one after the other. */
  readonly app: string;
  /** Builds, starts and tests the application. Throws if a check fails. */
  check(context: PlaceContext): Promise<void>;
}

/** The token of the admin routes. */
export const ADMIN_TOKEN = "unused-token-0123456789";
