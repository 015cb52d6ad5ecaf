import { type AdminContext, type AdminRequest, tuningOf } from "../admin-context.ts";
import type { EvaluationData } from "../contract.ts";
import { AdminError } from "../http/admin-error.ts";
import { toResponse } from "../http/json-response.ts";
import { readQuery } from "../http/read-query.ts";
import { callParamsSchema } from "../records/query-schemas.ts";
import { toEvaluationSummary } from "../tuning/summaries.ts";
import { withTuning } from "../tuning/tuning-failure.ts";

/**
 * `GET …/tuning/evaluations/:id`: the figures of an evaluation. Prompts and answers only with `?content=true`, which needs the permission `content`;
 * each such reading is logged with the visitor and the id.
 */
export async function showEvaluation(
  context: AdminContext,
  { request, actor, permissions, below }: AdminRequest,
): Promise<Response> {
  const tuning = tuningOf(context);
  const { content: wantsContent = false } = readQuery(callParamsSchema, request);
  const mayReadContent = permissions.includes("content");
  if (wantsContent && !mayReadContent) throw new AdminError("forbidden", "this needs the permission to read content");
  const id = below ?? "";
  const data = await withTuning(async (): Promise<EvaluationData> => {
    const found = await tuning.history.evaluation(id);
    if (found === null) throw new AdminError("unknown_evaluation", "the journal has no such evaluation");
    const { report, examples } = found;
    return {
      evaluation: toEvaluationSummary({ id, report, examples: examples.length }, await tuning.jobs()),
      mayReadContent,
      examples: wantsContent ? examples : null,
    };
  });
  if (data.examples !== null) context.logger.info("the examples of an evaluation were read", { actor, evaluation: id });
  return toResponse(data);
}
