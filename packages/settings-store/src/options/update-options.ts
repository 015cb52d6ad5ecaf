import { invalidOption } from "../errors/settings-error.ts";
import { PRINTABLE } from "../schema/printable.ts";

/** Who changes the settings, and on what condition. */
export interface UpdateOptions {
  /** Who does it, for the history: a name or an id, up to 200 characters that can be seen. */
  readonly actor?: string | undefined;
  /** Why, for the history, up to 1000 characters that can be seen. */
  readonly reason?: string | undefined;
  /** Only if this version is stored: fails with `conflict` otherwise. 0: only if nothing is stored yet. Default: any. */
  readonly expectedVersion?: number | undefined;
  /** How often to start over when others change the settings at the same time. Default 100; not with `expectedVersion`. */
  readonly retries?: number | undefined;
}

/** Throws `invalid`, naming the option. */
export function checkUpdateOptions({ actor, reason, expectedVersion, retries }: UpdateOptions): void {
  checkText("actor", actor, 200);
  checkText("reason", reason, 1000);
  if (expectedVersion !== undefined && (!Number.isSafeInteger(expectedVersion) || expectedVersion < 0)) {
    throw invalidOption("expectedVersion", "expected a whole number, 0 or more");
  }
  if (retries !== undefined && (!Number.isSafeInteger(retries) || retries < 0)) {
    throw invalidOption("retries", "expected a whole number, 0 or more");
  }
}

function checkText(path: string, text: unknown, longest: number): void {
  if (text === undefined) return;
  if (typeof text !== "string" || text === "") throw invalidOption(path, "expected a text");
  if (text.length > longest) throw invalidOption(path, `has at most ${longest} characters`);
  if (!PRINTABLE.test(text)) throw invalidOption(path, "has no control characters, and no invisible ones");
}
