import type { Random } from "../random.ts";
import { headlineOf, nameOf, OWN_PHRASES, type Phrases, proseOf, questionOf, wordOf } from "./prose.ts";
import { textOfPattern } from "./text-of-pattern.ts";

/** A text that satisfies the schema's pattern, format and lengths, and is plausible for the property's name. */
export function stringForSchema(
  schema: Record<string, unknown>,
  name: string,
  random: Random,
  phrases: Phrases = OWN_PHRASES,
): string {
  if (typeof schema.pattern === "string") {
    const text = textOfPattern(schema.pattern, random);
    if (text !== null) return text;
  }
  const formatted = typeof schema.format === "string" ? formatOf(schema.format, random, phrases) : null;
  if (formatted !== null) return formatted;
  const least = typeof schema.minLength === "number" ? schema.minLength : 0;
  const most = typeof schema.maxLength === "number" ? schema.maxLength : Number.POSITIVE_INFINITY;
  let text = namedText(name, random, phrases);
  while (text.length < least) text += ` ${proseOf(random, Math.ceil((least - text.length) / 6), phrases)}`;
  return text.length > most ? cut(text, least, most) : text;
}

/** Cut at a word where that leaves enough. */
function cut(text: string, least: number, most: number): string {
  const short = text.slice(0, most);
  const space = short.lastIndexOf(" ");
  return space > 0 && space >= least ? short.slice(0, space) : short;
}

function formatOf(format: string, random: Random, phrases: Phrases): string | null {
  const two = (max: number): string => String(random.int(1, max)).padStart(2, "0");
  const date = `2026-${two(12)}-${two(28)}`;
  const time = `${two(23)}:${two(59)}:${two(59)}Z`;
  switch (format) {
    case "date":
      return date;
    case "time":
      return time;
    case "date-time":
      return `${date}T${time}`;
    case "email":
      return `${wordOf(random, phrases)}@example.com`;
    case "uri":
    case "url":
      return `https://example.com/${wordOf(random, phrases)}`;
    case "uuid": {
      const hex = (length: number): string => Array.from({ length }, () => random.int(0, 15).toString(16)).join("");
      return `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`;
    }
    default:
      return null;
  }
}

function namedText(name: string, random: Random, phrases: Phrases): string {
  if (/(?:^|_)id$|Id$|key|slug|code/.test(name)) return `${wordOf(random, phrases)}-${random.int(1, 999)}`;
  if (/question/i.test(name)) return questionOf(random, phrases);
  if (/title|headline/i.test(name)) return headlineOf(random, phrases);
  if (/name|author|actor/i.test(name)) return nameOf(random, phrases);
  if (/tag|category|topic|kind|type/i.test(name)) return wordOf(random, phrases);
  if (/article|body|story/i.test(name)) return proseOf(random, 90, phrases);
  if (/text|post|content|summary|description|criteria|message|analysis|bio/i.test(name))
    return proseOf(random, 25, phrases);
  return headlineOf(random, phrases);
}
