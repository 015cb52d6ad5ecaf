import type { ProviderSimulator } from "@babylon/llm-testing";
import type { RunningProgram } from "./run-program.ts";

/** What a place is checked with. */
export interface PlaceContext {
  /** The installed application. */
  readonly folder: string;
  /** Plays the providers. */
  readonly simulator: ProviderSimulator;
  /** An empty folder, for this place alone. */
  readonly scratch: string;
  /** Runs a command of the application to its end; what it printed. */
  run(command: string, args: readonly string[], options?: RunOptions): Promise<string>;
  /** Starts a command that serves. It is stopped with the place. */
  start(command: string, args: readonly string[], options?: RunOptions): Promise<RunningProgram>;
}

/** How a command is run. */
export interface RunOptions {
  /** Default: the application's. */
  readonly cwd?: string | undefined;
  /** Beside PATH, HOME, keys and base URLs of the simulator, the token and an own file for the settings. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Where it will listen, for one that does not say it. */
  readonly port?: number | undefined;
}

/** Somewhere that the packages are used. */
export interface Place {
  readonly name: string;
  /** The folder of `places/` that it is built from. Places of one application are installed together and run one after the other. */
  readonly app: string;
  /** Builds, starts and asks. Throws where something does not hold. */
  check(context: PlaceContext): Promise<void>;
}

/** The token of the admin routes. */
export const ADMIN_TOKEN = "token-of-nobody-0123456789";
