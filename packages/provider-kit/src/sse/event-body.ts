import { createEventParser, type ServerSentEvent } from "./event-parser.ts";

/** Whether a body is an event stream, regardless of its content type: it begins with a field or a comment. */
export function isEventBody(text: string): boolean {
  return /^\uFEFF?\s*(?:(?:event|data|id|retry) ?:|:)/.test(text);
}

/** Parses the events of a complete body. The last event counts even without a blank line after it. */
export function eventsOf(text: string): readonly ServerSentEvent[] {
  const events: ServerSentEvent[] = [];
  const parse = createEventParser((event) => events.push(event));
  parse(`${text.replace(/^\uFEFF/, "")}\n\n`);
  return events;
}
