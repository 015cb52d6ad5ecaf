import { isRecord, type JsonObject } from "@babylon/llm-core";
import type { ReasoningVisibility, SimulatedRequest } from "../answer/simulated-request.ts";
import type { Fields } from "../fields.ts";
import { RequestRefusedError } from "../simulated-refusal.ts";
import { checkClaudeSchema } from "./check-claude-schema.ts";
import { CLAUDE_EFFORTS, type ClaudeModel } from "./claude-models.ts";
import { refuseField } from "./refuse-field.ts";

/** Reads `output_config`: effort, and the schema of the answer. */
export function outputOf(
  { output_config: config, thinking }: Fields,
  model: ClaudeModel,
): { readonly format: SimulatedRequest["format"]; readonly chars: number } {
  const none = { format: { type: "text" }, chars: 0 } as const;
  if (config === undefined) return none;
  if (!isRecord(config)) throw refuseField("output_config", "Input should be an object");
  for (const field of Object.keys(config)) {
    if (field !== "effort" && field !== "format")
      throw refuseField(`output_config.${field}`, "Extra inputs are not permitted");
  }
  const { effort, format } = config;
  if (effort !== undefined && effort !== null) {
    const level = CLAUDE_EFFORTS.find((one) => one === effort);
    if (level === undefined) {
      throw refuseField("output_config.effort", "Input should be 'low', 'medium', 'high', 'xhigh' or 'max'");
    }
    refuseEffort(level, thinking, model);
  }
  if (format === undefined || format === null) return none;
  if (!isRecord(format) || format.type !== "json_schema")
    throw refuseField("output_config.format.type", "Input should be 'json_schema'");
  for (const field of Object.keys(format)) {
    if (field !== "type" && field !== "schema")
      throw refuseField(`output_config.format.${field}`, "Extra inputs are not permitted");
  }
  if (!isRecord(format.schema)) throw refuseField("output_config.format.schema", "Field required");
  checkClaudeSchema(format.schema, "output_config.format.schema");
  // A parsed JSON object is a JsonObject.
  return {
    format: { type: "schema", schema: format.schema as JsonObject },
    chars: JSON.stringify(format.schema).length,
  };
}

/** Models differ in their levels, and in whether the upper levels are allowed without thinking. */
function refuseEffort(level: (typeof CLAUDE_EFFORTS)[number], thinking: unknown, model: ClaudeModel): void {
  if (model.effort.length === 0)
    throw new RequestRefusedError("other", null, "This model does not support the effort parameter.");
  if (!model.effort.includes(level)) {
    const message = `This model does not support effort level '${level}'. Supported levels: ${model.effort.join(", ")}.`;
    throw new RequestRefusedError("other", null, message);
  }
  if (isRecord(thinking) && thinking.type === "disabled" && model.effortNeedsThinking.includes(level)) {
    const message = `output_config.effort: '${level}' is not supported for this model while thinking is disabled.`;
    throw new RequestRefusedError("other", null, message);
  }
}

/** Reads `thinking`, whose values differ between models. */
export function thinkingOf({ thinking }: Fields, maxTokens: number, model: ClaudeModel): ReasoningVisibility {
  if (thinking === undefined) return model.thinksByDefault ? "silent" : "none";
  if (!isRecord(thinking)) throw refuseField("thinking", "Input should be an object");
  const type = model.thinking.find((one) => one === thinking.type);
  if (type === undefined) {
    const known = model.thinking.map((one) => `\`${one}\``).join(", ");
    throw new RequestRefusedError(
      "other",
      null,
      `thinking.type: \`${String(thinking.type)}\` is not supported for this model. Supported: ${known}.`,
    );
  }
  if (type === "enabled") {
    const budget = thinking.budget_tokens;
    if (typeof budget !== "number") throw refuseField("thinking.enabled.budget_tokens", "Field required");
    if (budget < 1_024)
      throw refuseField("thinking.enabled.budget_tokens", "Input should be greater than or equal to 1024");
    if (budget >= maxTokens)
      throw new RequestRefusedError("other", null, "`max_tokens` must be greater than `thinking.budget_tokens`.");
    return "visible";
  }
  if (thinking.budget_tokens !== undefined)
    throw refuseField(`thinking.${type}.budget_tokens`, "Extra inputs are not permitted");
  if (type !== "adaptive") return "none";
  return thinking.display === "summarized" ? "visible" : "silent";
}
