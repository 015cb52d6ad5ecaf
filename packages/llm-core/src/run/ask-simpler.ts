import type { ModelRequest, ResponseFormat } from "../contract/provider.ts";
import type { LLMError, RefusedPart } from "../errors/llm-error.ts";
import type { ChainLink } from "../plan/plan-chain.ts";
import { withInstruction } from "../structured/shape-request.ts";
import { warn } from "./call.ts";
import type { Walk } from "./walk.ts";

/** How requests to a link differ from those to others, because its vendor refused parts of them. */
export interface Simpler {
  /** Fields that are not sent. */
  readonly without: readonly string[];
  /** The form that a text call asks for; absent: its own. `null`: none, it is said in words. */
  readonly format?: ResponseFormat | null;
}

/** Fields that one link may refuse before it is left. */
const MAX_FIELDS = 4;

/**
 * After a failed attempt: whether the same link is asked again without what its vendor refused as such, or in a simpler dialect of the
 * schema. Each part is refused once at the most. A warning says what was left out.
 */
export function askSimpler(walk: Walk<unknown>, link: ChainLink, { refused }: LLMError): boolean {
  if (refused === null || walk.shown.binds) return false;
  const { call, form } = walk;
  const name = `${link.provider}/${link.model}`;
  const simpler = walk.simpler.get(link) ?? { without: [] };
  if (refused.kind === "field") {
    if (simpler.without.includes(refused.field) || simpler.without.length >= MAX_FIELDS) return false;
    setSimpler(walk, link, { ...simpler, without: [...simpler.without, refused.field] });
    warn(call, `${name} refused "${refused.field}": asked again without it`);
    return true;
  }
  if (form.simplify !== undefined) return form.simplify(refused);
  const format = simpler.format === undefined ? (call.options.responseFormat ?? null) : simpler.format;
  if (format === null || refused.kind === "tool") return false;
  const next = simplerFormat(format, refused);
  setSimpler(walk, link, { ...simpler, format: next });
  warn(call, `${name} refused "${refused.field}": asked again ${next === null ? "in words" : `as "${next.type}"`}`);
  return true;
}

function setSimpler(walk: Walk<unknown>, link: ChainLink, simpler: Simpler): void {
  // Shared by all walks on which nothing was refused.
  walk.simpler = new Map(walk.simpler).set(link, simpler);
}

function simplerFormat(format: ResponseFormat, { kind }: RefusedPart): ResponseFormat | null {
  if (format.type !== "json-schema" || kind === "format") return null;
  return kind === "strict" && format.strict ? { ...format, strict: false } : { type: "json" };
}

/** A request as its link is going to take it. */
export function simplified({ simpler, call }: Walk<unknown>, link: ChainLink, request: ModelRequest): ModelRequest {
  const found = simpler.get(link);
  if (found === undefined) return request;
  const { without, format } = found;
  const plain: ModelRequest = without.length === 0 ? request : { ...request, without };
  if (format === undefined) return plain;
  const { responseFormat: _, ...rest } = plain;
  const asked = call.options.responseFormat;
  const schema = asked?.type === "json-schema" ? asked.schema : null;
  if (format?.type === "json-schema") return { ...rest, responseFormat: format };
  const told = withInstruction(rest, schema);
  return format === null ? told : { ...told, responseFormat: format };
}
