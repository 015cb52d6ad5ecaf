import type { EngineAccess } from "../access/engine-access.ts";
import { checkName } from "../contract/check-name.ts";
import { checkAmount, checkDuration } from "../contract/check-number.ts";
import { invalid } from "../contract/invalid.ts";
import type { Ledger, ReserveAnswer, ScopeSums, WriteOffBy } from "../contract/ledger.ts";
import {
  type HoldReply,
  type HoldScope,
  KEPT_WRITE_OFFS,
  type Stamp,
  type StateEngine,
  type SumsReply,
} from "../contract/state-engine.ts";
import { checkScopes, checkSeen, checkSettlement } from "./check-ask.ts";
import { findWindows } from "./find-windows.ts";
import { createRecentOperations } from "./recent-operations.ts";
import { createSeenWindows } from "./seen-windows.ts";

/** Answers of the engine that ask for another round: another window, or another epoch. More of them mean that it cannot be served. */
const MAX_ROUNDS = 4;

/** Windows that one call of the engine restores. */
const RESTORED_AT_ONCE = 200;

/** Operations that are sent again at the same time. */
const RESENT_AT_ONCE = 20;

/** Suggested delay while others hold what is missing: most calls settle within seconds. */
const HELD_RETRY_MS = 1_000;

const NOBODY: WriteOffBy = { actor: null, reason: null };

/** The start of names of descriptions among everything that an engine remembers. */
const DESCRIPTION = "about ";

const toRemembered = (name: string): string => `${DESCRIPTION}${name}`;

/** Creates the ledger of an engine. */
export function createLedger(access: EngineAccess): Ledger {
  const seenWindows = createSeenWindows();
  /** The memory of a process cannot be emptied. */
  const canBeEmptied = access.engine.kind !== "memory";
  /** The loss of the latest writes: by a replica that took over, or by a server that does not sync each of them. */
  const canLoseWrites = access.engine.kind === "redis" || access.engine.kind === "postgres";
  const recent = createRecentOperations(access.monotonic);
  let epoch: string | null = null;
  let restoring: { readonly epoch: string; readonly done: Promise<void> } | null = null;

  access.on({
    newEpoch(stamp) {
      if (epoch === null) epoch = stamp.epoch;
      else if (canBeEmptied && stamp.epoch !== epoch) adopt(stamp).catch(() => {});
    },
    back: async () => (canBeEmptied && epoch !== null ? sendAgain(epoch) : undefined),
  });

  /** Sends again what was confirmed before an outage; what the engine has already changes nothing. Reservations wait for it. */
  async function sendAgain(knownEpoch: string): Promise<void> {
    const stamp = await access.callStamped((engine, signal) => engine.sums([], signal));
    // An emptied store gets sums instead, which have these operations.
    if (stamp.epoch !== knownEpoch) return adopt(stamp);
    if (!canLoseWrites) return;
    const { holds, settlements } = recent.list();
    const again = [
      holds.map(
        (input) => () =>
          access.callStamped((engine, signal) => engine.reserve({ ...input, epoch: knownEpoch }, signal)),
      ),
      settlements.map((input) => () => access.callStamped((engine, signal) => engine.settle(input, signal))),
    ];
    for (const calls of again) {
      for (let at = 0; at < calls.length; at += RESENT_AT_ONCE) {
        await Promise.all(calls.slice(at, at + RESENT_AT_ONCE).map((call) => call()));
      }
    }
  }

  async function restore(stamp: Stamp): Promise<void> {
    const scopes = seenWindows.ofOtherEpochs(stamp.epoch, stamp.nowEpochMs);
    const replies: SumsReply[] = [];
    for (let start = 0; start < scopes.length; start += RESTORED_AT_ONCE) {
      const some = scopes.slice(start, start + RESTORED_AT_ONCE);
      replies.push(await access.callStamped((engine, signal) => engine.restore(some, signal)));
    }
    seenWindows.forgetOtherEpochs(stamp.epoch);
    for (const reply of replies) note(reply);
    epoch = stamp.epoch;
  }

  /** Hands in the sums of the epoch before, once per epoch. Until then, reservations are refused by the engine. */
  function adopt(stamp: Stamp): Promise<void> {
    if (restoring?.epoch === stamp.epoch) return restoring.done;
    // They are in the sums that are handed in.
    recent.clear();
    const done = restore(stamp).finally(() => {
      restoring = null;
    });
    restoring = { epoch: stamp.epoch, done };
    return done;
  }

  function note(reply: SumsReply): void {
    if (canBeEmptied) seenWindows.note(reply);
  }

  async function sumsCall(run: (engine: StateEngine, signal: AbortSignal) => Promise<SumsReply>): Promise<SumsReply> {
    const reply = await access.callStamped(run);
    note(reply);
    return reply;
  }

  async function serverEpochMs(): Promise<number> {
    const estimate = access.serverEpochMs();
    if (estimate !== null) return estimate;
    return (await access.callStamped((engine, signal) => engine.sums([], signal))).nowEpochMs;
  }

  return {
    async reserve(ask) {
      checkName("id", ask.id);
      const leaseMs = checkDuration("leaseMs", ask.leaseMs);
      let scopes =
        typeof ask.scopes === "function"
          ? checkScopes(ask.scopes(access.serverEpochMs() ?? (await serverEpochMs())), ask.amount)
          : checkScopes(ask.scopes, ask.amount);
      for (let round = 1; round <= MAX_ROUNDS; round += 1) {
        const input = { id: ask.id, leaseMs, epoch: canBeEmptied ? epoch : null, scopes };
        if (access.mayMissWrites()) await access.whenComplete("no");
        const reply = await access.callStamped((engine, signal) => engine.reserve(input, signal));
        // Granted by a server that has taken over meanwhile.
        if (reply.kind === "held" && access.mayMissWrites()) await access.whenComplete("unknown");
        if (reply.kind === "other-epoch") await adopt(reply);
        else if (reply.kind !== "other-window") {
          if (canBeEmptied) seenWindows.note(seenIn(reply, scopes));
          if (canLoseWrites && reply.kind === "held") recent.reserved(input, reply.nowEpochMs);
          return toAnswer(reply, scopes);
        } else if (typeof ask.scopes === "function") scopes = checkScopes(ask.scopes(reply.nowEpochMs), ask.amount);
        else break;
      }
      throw invalid("scopes", "the engine's time is outside of a window");
    },

    async settle(id, result) {
      const input = checkSettlement(id, result);
      await sumsCall((engine, signal) => engine.settle(input, signal));
      if (canLoseWrites) recent.settled(input);
    },

    async status(keys) {
      for (const [index, key] of keys.entries()) checkName(`keys[${index}]`, key);
      const { windows } = await sumsCall((engine, signal) => engine.sums(keys, signal));
      return windows.map(({ spent, presumed, held }) => ({ spent, presumed, held }));
    },

    windows: (query) => findWindows(query, access, (keys) => sumsCall((engine, signal) => engine.sums(keys, signal))),

    async writeOff(key, presumed, { actor, reason } = NOBODY) {
      checkName("key", key);
      checkAmount("presumed", presumed);
      if (actor !== null) checkName("actor", actor);
      if (reason !== null) checkName("reason", reason);
      await sumsCall((engine, signal) => engine.writeOff({ key, presumed, actor, reason }, signal));
    },

    async writeOffs(limit = 100) {
      if (!(Number.isInteger(limit) && limit >= 1)) throw invalid("limit", "expected a whole number of at least 1");
      return access.call((engine, signal) => engine.writeOffs(Math.min(limit, KEPT_WRITE_OFFS), signal));
    },

    async describe(name, text) {
      checkName("name", name);
      await access.call((engine, signal) => engine.remember(toRemembered(name), text, signal));
    },

    async descriptions(prefix) {
      const found = await access.call((engine, signal) => engine.remembered(toRemembered(prefix), signal));
      return new Map(found.map(([name, text]) => [name.slice(DESCRIPTION.length), text]));
    },

    async handIn(sums) {
      const checked = checkSeen(sums);
      const stamp = await access.callStamped((engine, signal) => engine.sums([], signal));
      const scopes = checked.filter((one) => one.epoch !== stamp.epoch);
      if (scopes.length > 0) await sumsCall((engine, signal) => engine.restore(scopes, signal));
    },

    serverEpochMs,
  };
}

type Decided = Extract<HoldReply, { readonly kind: "held" | "refused" }>;

const leftOf = (limit: number, { spent, presumed, held }: ScopeSums): number =>
  Math.max(0, limit - spent - presumed - held);

function toAnswer(reply: Decided, scopes: readonly HoldScope[]): ReserveAnswer {
  const { nowEpochMs: serverEpochMs } = reply;
  if (reply.kind === "held") {
    const left = reply.sums.map((sums, index) => leftOf(scopes[index]?.limit ?? 0, sums));
    return { ok: true, left, serverEpochMs };
  }
  const { index, sums, endEpochMs } = reply;
  const { key = "", limit = 0, amount = 0 } = scopes[index] ?? {};
  const untilEndMs = endEpochMs === null ? null : Math.max(0, endEpochMs - serverEpochMs);
  const refusal = { ok: false, scope: key, left: leftOf(limit, sums), held: sums.held, serverEpochMs } as const;
  if (sums.spent + sums.presumed + amount <= limit) {
    return { ...refusal, waitFor: "holds", retryAfterMs: Math.min(HELD_RETRY_MS, untilEndMs ?? HELD_RETRY_MS) };
  }
  if (amount > limit || untilEndMs === null) return { ...refusal, waitFor: null, retryAfterMs: null };
  return { ...refusal, waitFor: "window", retryAfterMs: untilEndMs };
}

/** The sums of a reply, without what is held. */
function seenIn(reply: Decided, scopes: readonly HoldScope[]): SumsReply {
  const { nowEpochMs, epoch } = reply;
  if (reply.kind === "refused") {
    const { index, sums, endEpochMs } = reply;
    const scope = scopes[index];
    return { nowEpochMs, epoch, windows: scope === undefined ? [] : [{ ...sums, key: scope.key, endEpochMs }] };
  }
  const windows = scopes.flatMap(({ key, endEpochMs, endsInMs }, index) => {
    const sums = reply.sums[index];
    const end = endEpochMs ?? (endsInMs === null ? null : nowEpochMs + endsInMs);
    return sums === undefined ? [] : [{ ...sums, key, endEpochMs: end }];
  });
  return { nowEpochMs, epoch, windows };
}
