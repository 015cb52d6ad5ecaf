import { isRecord } from "@babylon/llm-core";
import type { ScoredAnswer, Scorer } from "./scorer.ts";

/** What validates a value, in a schema of Standard Schema. */
export interface ShapeValidator {
  /** The result has `issues` if the value does not fit. May return a promise of it. */
  validate(value: unknown): unknown;
}

/** A schema library's schema (Standard Schema 1, standardschema.dev): zod, valibot, ArkType. */
export interface ShapeSchema {
  /** The validator. */
  readonly "~standard": ShapeValidator;
}

/** 1 for an answer that is JSON, without anything around it, and fits a schema. */
export function jsonShape(schema: ShapeSchema | ((value: unknown) => boolean)): Scorer {
  async function score({ text }: ScoredAnswer): Promise<number> {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return 0;
    }
    if (typeof schema === "function") return schema(value) ? 1 : 0;
    const result = await schema["~standard"].validate(value);
    return isRecord(result) && result.issues === undefined ? 1 : 0;
  }
  return {
    name: "jsonShape",
    score: async ({ candidate, baseline }) => ({ candidate: await score(candidate), baseline: await score(baseline) }),
  };
}
