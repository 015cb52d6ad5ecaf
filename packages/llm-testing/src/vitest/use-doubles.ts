import type { AttemptAsk } from "@babylon/llm-core";
import { onTestFinished } from "vitest";
import {
  type RecordingObserver,
  type RecordingObserverOptions,
  recordingObserver,
} from "../doubles/recording-observer.ts";
import { type GateStep, type ScriptedGate, scriptedGate } from "../doubles/scripted-gate.ts";

/** A {@link recordingObserver} that fails the test if a call or an attempt did not end exactly once. */
export function useRecordingObserver(options: RecordingObserverOptions = {}): RecordingObserver {
  const observer = recordingObserver(options);
  onTestFinished(() => observer.verify());
  return observer;
}

/** A {@link scriptedGate} that fails the test if one of its permits was not settled exactly once. */
export function useScriptedGate(steps?: readonly GateStep[] | ((ask: AttemptAsk) => GateStep)): ScriptedGate {
  const gate = scriptedGate(steps);
  onTestFinished(() => gate.verify());
  return gate;
}
