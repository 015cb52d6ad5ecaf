/** One client in the comparison: this one or another library. */
export interface Contestant {
  /** It does not return the text of the answer: see `transport.ts`. */
  readonly unread?: boolean;
  /** One answer without streaming. */
  json(): Promise<string>;
  /** The text chunks of one streamed answer. */
  stream(): AsyncIterable<string>;
}

/** The servers of a contestant. */
export interface Target {
  /** The base URL of the mock server, with its behaviour as the first path segment. */
  readonly url: string;
  /** The URL for the fallback; without it there is none. */
  readonly nextURL?: string | undefined;
}

/** Creates a contestant. Called once per measured round, outside of the measured time. */
export type MakeContestant = (target: Target) => Promise<Contestant>;

export const PROMPT = "Which way does the market lean today, and how sure are you of that?";
export const MODEL = "gpt-6-luna";
export const CLAUDE_MODEL = "claude-sonnet-5-5";
export const KEY = "sk-benchmark-0123456789";
