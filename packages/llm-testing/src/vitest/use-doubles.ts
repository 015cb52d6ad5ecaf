import type { AttemptAsk } from "@babylon/llm-core";
import { onTestFinished } from "vitest";
import {
  type RecordingObserver,
  type RecordingObserverOptions,
  recordingObserver,
} from "../doubles/recording-observer.ts";
import { type GateStep, type ScriptedGate, scriptedGate } from "../doubles/scripted-gate.ts";

/** A {@link recordingObserver} that fails the test when a call or an attempt began and did not end, or ended twice. */
export function useRecordingObserver(options: RecordingObserverOptions = {}): RecordingObserver {
  const observer = recordingObserver(options);
  onTestFinished(() => observer.verify());
  return observer;
}

/** A {@link scriptedGate} that fails the test when one of its permits was not settled exactly once. */
export function useScriptedGate(steps?: readonly GateStep[] | ((ask: AttemptAsk) => GateStep)): ScriptedGate {
  const gate = scriptedGate(steps);
  onTestFinished(() => gate.verify());
  return gate;
}
