/** One way of calling a model: ours, or a peer. */
export interface Contestant {
  /** What it gives is not the text of the answer: see `transport.ts`. */
  readonly unread?: boolean;
  /** One answer that is not streamed. */
  json(): Promise<string>;
  /** The pieces of text of one streamed answer. */
  stream(): AsyncIterable<string>;
}

/** Where a contestant calls. */
export interface Target {
  /** The base URL of the mock server, and the behaviour asked of it as the first segment of the path. */
  readonly url: string;
  /** Where to go when `url` fails; without it there is no second try. */
  readonly nextURL?: string | undefined;
}

/** Makes a contestant. Called once per measured round of work, outside of the measured time. */
export type MakeContestant = (target: Target) => Promise<Contestant>;

export const PROMPT = "Which way does the market lean today, and how sure are you of that?";
export const MODEL = "gpt-6-luna";
export const CLAUDE_MODEL = "claude-sonnet-5-5";
export const KEY = "sk-benchmark-0123456789";
