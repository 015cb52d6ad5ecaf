import type { Clock, TimerHandle } from "../contract/clock.ts";
import { isRecord } from "../contract/json.ts";
import type { Lease, SharedSlots } from "../contract/shared-slots.ts";
import type { SeamGuard } from "../observe/seam-guard.ts";

/** A lease that is renewed until it is released. */
export interface HeldLease {
  /** Once. */
  release(): void;
}

/** Leases for one limiter. */
export interface LeaseSource {
  /** The shared slots do not answer: the local limit holds alone. */
  isAway(): boolean;
  /** A lease, also where the slots are away; or the milliseconds to wait before asking again. Never rejects, settles soon. */
  next(): Promise<HeldLease | number>;
}

/** What a lease source works on. */
export interface LeaseSetup {
  readonly slots: SharedSlots;
  readonly key: string;
  readonly limit: number;
  readonly clock: Clock;
  readonly guard: SeamGuard;
}

const TTL_MS = 15_000;
/** Twice this long an answer is waited for: a busy event loop may use up the first half before it reads what has arrived. */
const HALF_PATIENCE_MS = 100;
const AWAY_MS = 1_000;
const LONGEST_WAIT_MS = 1_000;
const SHORTEST_WAIT_MS = 1;

/** For a slot without a lease. */
export const NO_LEASE: HeldLease = { release() {} };

const THE_SLOTS = "the shared slots";

const isLease = (answer: unknown): answer is Lease =>
  isRecord(answer) && typeof answer.renew === "function" && typeof answer.release === "function";

/** Asks shared slots for leases, and gets by without them. */
export function createLeaseSource({ slots, key, limit, clock, guard }: LeaseSetup): LeaseSource {
  let awayUntilMonoMs = Number.NEGATIVE_INFINITY;
  let isProbing = false;

  function giveBack(lease: Lease): void {
    guard.run(THE_SLOTS, "release", () => lease.release());
  }

  function hold(lease: Lease): HeldLease {
    let timer: TimerHandle;
    const renew = async (): Promise<void> => {
      const renewed = guard.run(THE_SLOTS, "renew", () => lease.renew());
      if ((await renewed?.catch(() => null)) === false) guard.failed(THE_SLOTS, "renew", new Error("expired"));
    };
    const renewLater = (): void => {
      timer = clock.setTimeout(() => {
        renewLater();
        renew();
      }, TTL_MS / 3);
    };
    renewLater();
    return {
      release() {
        clock.clearTimeout(timer);
        giveBack(lease);
      },
    };
  }

  /** The answer, or `null` where there is none in time; a lease that comes after that is given back. */
  function ask(): Promise<unknown> {
    const asked = guard.run(THE_SLOTS, "acquire", () => Promise.resolve(slots.acquire(key, limit, TTL_MS)));
    if (asked === undefined) return Promise.resolve(null);
    return new Promise((resolve) => {
      let isLate = false;
      const giveUp = (): void => {
        isLate = true;
        guard.failed(THE_SLOTS, "acquire", new Error("no answer in time"));
        resolve(null);
      };
      let timer = clock.setTimeout(() => {
        timer = clock.setTimeout(giveUp, HALF_PATIENCE_MS);
      }, HALF_PATIENCE_MS);
      asked.then(
        (answer: unknown) => {
          if (isLate && isLease(answer)) giveBack(answer);
          clock.clearTimeout(timer);
          resolve(answer);
        },
        () => {
          clock.clearTimeout(timer);
          resolve(null);
        },
      );
    });
  }

  /** The lease, the time to wait, or `null`: there is no sense in the answer. */
  function read(answer: unknown): Lease | number | null {
    if (isLease(answer)) return answer;
    const waitMs = isRecord(answer) ? answer.waitMs : null;
    if (typeof waitMs !== "number" || Number.isNaN(waitMs)) return null;
    return Math.min(LONGEST_WAIT_MS, Math.max(SHORTEST_WAIT_MS, waitMs));
  }

  /** While calls go without leases, one of them asks whether the slots are back; nobody waits for the answer. */
  async function probe(): Promise<void> {
    isProbing = true;
    const answer = read(await ask());
    isProbing = false;
    if (answer === null) awayUntilMonoMs = clock.monotonic() + AWAY_MS;
    else {
      awayUntilMonoMs = Number.NEGATIVE_INFINITY;
      if (typeof answer === "object") giveBack(answer);
    }
  }

  return {
    isAway() {
      if (awayUntilMonoMs === Number.NEGATIVE_INFINITY) return false;
      if (!isProbing && clock.monotonic() >= awayUntilMonoMs) probe();
      return true;
    },
    async next() {
      const answer = read(await ask());
      if (answer === null) {
        awayUntilMonoMs = clock.monotonic() + AWAY_MS;
        return NO_LEASE;
      }
      return typeof answer === "number" ? answer : hold(answer);
    },
  };
}
