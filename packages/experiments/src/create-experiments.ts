import { invalidInput, silentLogger, systemClock } from "@babylon/llm-core";
import { StorageError } from "@babylon/storage";
import { unitOf } from "./assign/compiled-experiment.ts";
import { createAssigner } from "./assign/create-assigner.ts";
import { createTenantHasher } from "./assign/tenant-hasher.ts";
import { createUnitHasher } from "./assign/unit-hasher.ts";
import type { Experiments, ExperimentsOptions, PeekUnit } from "./experiments.ts";
import { createGuard } from "./guard/create-guard.ts";
import { exposureRows } from "./metrics/exposure-rows.ts";
import { toObservation } from "./metrics/to-observation.ts";
import { createReporting } from "./report/create-reporting.ts";
import { createPruner } from "./retention/create-pruner.ts";
import { toEraseTarget } from "./retention/erase-request.ts";
import { createRowWriter } from "./rows/row-writer.ts";
import { experimentOf, settingsIn } from "./settings/experiments-settings.ts";
import { promotion } from "./settings/promotion.ts";
import { createAnswerTasks } from "./shadow/create-answer-tasks.ts";

/**
 * Creates the experiments of a process. Give `router`, `recorder` and `observer` to a client; `createBabylonLLM({ experiments })` does so.
 * Throws `invalid_input` for wrong options.
 */
export function createExperiments(options: ExperimentsOptions): Experiments {
  const { rows, metrics = {}, settings, clock = systemClock, random = Math.random, logger = silentLogger } = options;
  const hashOf = createUnitHasher(options.hashSecret ?? rows.hashSecret);
  const tenantHashOf = createTenantHasher(hashOf);
  const assigner = createAssigner(hashOf);
  const writer = createRowWriter({ rows, clock, random, logger });
  const tasks = createAnswerTasks({ limits: options.judging, metrics, settings, writer, tenantHashOf, clock, logger });
  const reporting = createReporting({ rows, metrics, settings, writer, clock });
  const guard = createGuard({ everyMs: options.guardEveryMs, rows, settings, report: reporting.report, clock, logger });

  const pruner = createPruner({ keepDays: options.keepDays, rows, settings, clock, logger });

  function peekAssignment(id: string, unit: PeekUnit, given: Parameters<Experiments["peek"]>[2]) {
    const snapshot = given ?? settings?.peek?.();
    if (snapshot === undefined) return null;
    const found = assigner.running(settingsIn(snapshot)).find((experiment) => experiment.id === id);
    if (found?.audience.mayHave(unit) !== true) return null;
    const { agent = null, session, callId = null } = unit;
    const value = unitOf(found.settings, { agent, tenant: null, purpose: null, unit: { session }, callId });
    // A rollout is for all units, also for those without an id.
    return value === null && !found.isRollout ? null : found.assignUnit(value ?? "");
  }

  async function update(...[change, changeOptions]: Parameters<NonNullable<NonNullable<typeof settings>["update"]>>) {
    if (settings?.update === undefined) throw invalidInput("settings", "a settings store, to change an experiment");
    await settings.update(change, changeOptions);
  }

  async function close(): Promise<void> {
    guard.close();
    pruner.close();
    await tasks.close();
    await writer.close();
  }

  return {
    router: assigner.router,
    recorder(record) {
      for (const row of exposureRows(record, tenantHashOf)) writer.expose(row);
      tasks.recorded(record);
    },
    observer: tasks.observer,
    attach: (llm, { ledger } = {}) => tasks.attach(llm, ledger),
    judging: { maxUsdPerDay: tasks.maxUsdPerDay },
    peek(id, unit, given) {
      const assignment = peekAssignment(id, unit, given);
      return assignment === null ? null : { arm: assignment.arm, bucket: assignment.bucket };
    },
    async observe(observation) {
      writer.observe(toObservation(observation, { metrics, hashOf, now: clock.now() }));
    },
    ...reporting,
    async stop(id, { winner = null, ...changeOptions } = {}) {
      await update(async (stored) => {
        const { arms } = experimentOf(stored, id);
        if (winner !== null && !arms.some((arm) => arm.id === winner))
          throw invalidInput("winner", `an arm of "${id}"`);
        return { experiments: { [id]: { state: "stopped", winner } } };
      }, changeOptions);
    },
    async promote(id, { winner, ...changeOptions }) {
      await update(async (stored) => promotion(stored, id, winner), changeOptions);
    },
    async erase(request) {
      const target = toEraseTarget(request, hashOf, tenantHashOf);
      await tasks.settled();
      await writer.flush();
      if (writer.waiting > 0) {
        const message = "rows of experiments wait because the database was away: erase again when they are stored";
        throw new StorageError({ message, applied: "no" });
      }
      return rows.erase(target);
    },
    prune: pruner.prune,
    async flush() {
      await tasks.settled();
      await writer.flush();
    },
    close,
    [Symbol.asyncDispose]: close,
    get lost() {
      return writer.lost;
    },
  };
}
