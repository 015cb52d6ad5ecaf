import type { ModelRequest, ResponseFormat } from "../contract/provider.ts";
import type { RefusedPart } from "../errors/error-details.ts";
import type { LLMError } from "../errors/llm-error.ts";
import type { ChainLink } from "../plan/plan-chain.ts";
import { withInstruction } from "../structured/request/shape-request.ts";
import { warn } from "./call.ts";
import type { Simpler } from "./simpler.ts";
import type { Walk } from "./walk.ts";

/** Maximum number of refused fields per link; after that the next link is tried. */
const MAX_FIELDS = 4;

/**
 * Decides after a failed attempt whether to repeat the request on the same link: without the field that its vendor refused, or with the
 * next simpler dialect of the schema. Each field and each dialect is dropped at most once, with a warning that names it.
 */
export function askSimpler(walk: Walk<unknown>, link: ChainLink, { refused }: LLMError): boolean {
  if (refused === null || walk.output.isCommitted) return false;
  const { call, form } = walk;
  const name = `${link.provider}/${link.model}`;
  const simpler = walk.simpler.get(link) ?? { without: [] };
  if (refused.kind === "field") {
    if (simpler.without.includes(refused.field) || simpler.without.length >= MAX_FIELDS) return false;
    setSimpler(walk, link, { ...simpler, without: [...simpler.without, refused.field] });
    warn(call, `${name} refused "${refused.field}": repeated without it`);
    return true;
  }
  if (form.simplify !== undefined) return form.simplify(refused);
  const format = simpler.format === undefined ? (call.options.responseFormat ?? null) : simpler.format;
  if (format === null || refused.kind === "tool") return false;
  const next = simplerFormat(format, refused);
  setSimpler(walk, link, { ...simpler, format: next });
  warn(call, `${name} refused "${refused.field}": repeated ${next === null ? "by instruction" : `as "${next.type}"`}`);
  return true;
}

function setSimpler(walk: Walk<unknown>, link: ChainLink, simpler: Simpler): void {
  // The initial map is shared by all walks.
  walk.simpler = new Map(walk.simpler).set(link, simpler);
}

function simplerFormat(format: ResponseFormat, { kind }: RefusedPart): ResponseFormat | null {
  if (format.type !== "json-schema" || kind === "format") return null;
  return kind === "strict" && format.strict ? { ...format, strict: false } : { type: "json" };
}

/** Removes from a request what the link has refused so far. */
export function simplified({ simpler, call }: Walk<unknown>, link: ChainLink, request: ModelRequest): ModelRequest {
  const found = simpler.get(link);
  if (found === undefined) return request;
  const { without, format } = found;
  const plain: ModelRequest = without.length === 0 ? request : { ...request, without };
  if (format === undefined) return plain;
  const { responseFormat: _, ...rest } = plain;
  const original = call.options.responseFormat;
  const schema = original?.type === "json-schema" ? original.schema : null;
  if (format?.type === "json-schema") return { ...rest, responseFormat: format };
  const instructed = withInstruction(rest, schema);
  return format === null ? instructed : { ...instructed, responseFormat: format };
}
