import { expectTypeOf } from "vitest";
import type { SkippedProvider } from "../contract/plan.ts";
import type { Usage } from "../contract/usage.ts";
import type { LLMErrorCode } from "./error-code.ts";
import type { GateRefusal, SchemaIssue } from "./error-details.ts";
import { isLLMError, LLMError } from "./llm-error.ts";

declare const thrown: unknown;

if (isLLMError(thrown)) {
  expectTypeOf(thrown).toExtend<LLMError>();
  expectTypeOf(thrown.code).toEqualTypeOf<LLMErrorCode>();
  expectTypeOf(thrown.status).toEqualTypeOf<number | null>();
  // @ts-expect-error not every code has it
  thrown.partialText;
}
if (isLLMError(thrown, "interrupted")) {
  expectTypeOf(thrown.code).toEqualTypeOf<"interrupted">();
  expectTypeOf(thrown.partialText).toEqualTypeOf<string>();
  expectTypeOf(thrown.usage).toEqualTypeOf<Usage>();
  // @ts-expect-error that is another code's
  thrown.skipped;
}
if (isLLMError(thrown, "deadline")) {
  expectTypeOf(thrown.partialText).toEqualTypeOf<string | undefined>();
  expectTypeOf(thrown.usage).toEqualTypeOf<Usage | undefined>();
}
if (isLLMError(thrown, "aborted")) expectTypeOf(thrown.partialText).toEqualTypeOf<string | undefined>();
if (isLLMError(thrown, "no_provider")) expectTypeOf(thrown.skipped).toEqualTypeOf<readonly SkippedProvider[]>();
if (isLLMError(thrown, "budget")) expectTypeOf(thrown.refusals).toEqualTypeOf<readonly GateRefusal[]>();
if (isLLMError(thrown, "schema_mismatch")) {
  expectTypeOf(thrown.issues).toEqualTypeOf<readonly SchemaIssue[]>();
  expectTypeOf(thrown.text).toEqualTypeOf<string>();
}
if (isLLMError(thrown, "invalid_input")) {
  expectTypeOf(thrown.path).toEqualTypeOf<string>();
  expectTypeOf(thrown.expected).toEqualTypeOf<string>();
}
if (isLLMError(thrown, "all_failed")) expectTypeOf(thrown.errors).toEqualTypeOf<readonly LLMError[]>();
if (isLLMError(thrown, "auth")) {
  expectTypeOf(thrown.code).toEqualTypeOf<"auth">();
  // @ts-expect-error it has no fields of its own
  thrown.errors;
}

// @ts-expect-error no such code
isLLMError(thrown, "nope");
// @ts-expect-error no such code
new LLMError({ code: "nope", message: "x" });
// @ts-expect-error the fields are read only
new LLMError({ code: "auth", message: "x" }).status = 5;
