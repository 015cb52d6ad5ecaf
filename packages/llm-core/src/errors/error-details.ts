import type { Usage } from "../contract/usage.ts";

/** One violation of a schema by an answer. */
export interface SchemaIssue {
  readonly message: string;
  /** Property names and indexes from the root. */
  readonly path: readonly (string | number)[];
}

/**
 * A part of a request that its vendor refused: the same link may serve without it, or with a simpler one.
 *
 * - `strict`: the schema, or that the model is held to it. `schema`: any schema. `format`: any form of the answer but text.
 * - `tool`: that a tool is forced. `field`: an optional field.
 */
export interface RefusedPart {
  readonly kind: "strict" | "schema" | "format" | "tool" | "field";
  /** Its name on the wire, such as `response_format` or `output_config.effort`. */
  readonly field: string;
}

/** A gate's refusal of one link. */
export interface GateRefusal {
  readonly provider: string;
  readonly model: string;
  /** The rule that refused the link, for people. */
  readonly why: string;
  /** Milliseconds after which the gate may permit the link; `null`: waiting does not help. */
  readonly retryAfterMs: number | null;
}

/** The part of an answer that a stream had committed when it ended. */
export interface PartialAnswer {
  /** All text since the last restart, including text that the reader had not read yet. */
  readonly partialText: string;
  /** Of the attempt that broke off, as far as its provider reported it. */
  readonly usage: Usage;
}
