import { corruptRecord } from "../record/corrupt-record.ts";
import { fromKeyvEnvelope, toKeyvEnvelope } from "../record/keyv-envelope.ts";
import { adapterError, callAdapter, type StorageAdapter, type TextAccess } from "./adapter-text.ts";
import { listenForErrors } from "./error-events.ts";

/** What is used of a Keyv, version 5 or 6. */
export interface KeyvInstance {
  readonly store: StorageAdapter & object;
  readonly namespace?: unknown;
  get(key: string): Promise<unknown>;
  has(key: string): Promise<boolean>;
  set(key: string, value: unknown, ttlMs: number): Promise<unknown>;
}

/** With this one, an entry does not expire, whatever the default of the Keyv. */
const NO_TTL = 0;

/** The record under a key of a Keyv, which encodes it, as the text that the adapters have that are read directly. */
export function keyvText(keyv: KeyvInstance, key: string): TextAccess {
  const errors = listenForErrors(keyv);

  /** A Keyv that has listeners says that a read failed by an event only. */
  async function call<T>(work: () => Promise<T>, applied: "no" | "unknown" = "no"): Promise<T> {
    const before = errors.count();
    const result = await callAdapter(work, applied).catch(refuseOtherText);
    if (errors.count() !== before) refuseOtherText(adapterError(applied, errors.last()));
    return result;
  }

  /** Keyv 5 answers `undefined` to a failed read, so its adapter is asked too; and both majors do so to an entry that is not theirs. */
  async function assertNone(): Promise<void> {
    await call(async () => keyv.store.get(key));
    if (!(await call(() => keyv.has(key)))) return;
    if ((await call(() => keyv.get(key))) === undefined) throw corruptRecord("it is not an entry of Keyv");
  }

  return {
    async read() {
      const value = await call(() => keyv.get(key));
      if (value !== undefined) return toKeyvEnvelope(value);
      await assertNone();
      return undefined;
    },
    async write(text) {
      const accepted = await call(() => keyv.set(key, fromKeyvEnvelope(text), NO_TTL), "unknown");
      if (accepted === false) throw adapterError("unknown", errors.last());
    },
  };
}

/** What cannot be decoded is not there to be overwritten. */
function refuseOtherText(thrown: unknown): never {
  const cause = thrown instanceof Error ? thrown.cause : undefined;
  throw cause instanceof SyntaxError ? corruptRecord(cause.message) : thrown;
}
