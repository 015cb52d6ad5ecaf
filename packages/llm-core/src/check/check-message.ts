import { isRecord } from "../contract/json.ts";
import { invalidInput } from "../errors/llm-error.ts";
import { anything, boolean, type Check, dictionary, list, object, oneOf, string } from "./checks.ts";

const text = string({ allowEmpty: true });
const providerOptions: Check = dictionary(object({ body: dictionary(anything), headers: dictionary(text) }));

const urlOrData: Check = (value, path) => {
  if (!isRecord(value)) return;
  if ((value.url === undefined) === (value.data === undefined)) throw invalidInput(path, "either url or data");
  if (value.data !== undefined && value.mediaType === undefined)
    throw invalidInput(`${path}.mediaType`, "to be given with data");
};

const image = object({ type: anything, url: string(), data: string(), mediaType: string(), providerOptions });
const PARTS: Readonly<Record<string, Check>> = {
  text: object({ type: anything, text, providerOptions }, ["text"]),
  image: (value, path) => {
    image(value, path);
    urlOrData(value, path);
  },
  file: object({ type: anything, data: string(), mediaType: string(), filename: string(), providerOptions }, [
    "data",
    "mediaType",
  ]),
  "tool-call": object({ type: anything, id: string(), name: string(), input: anything, providerOptions }, [
    "id",
    "name",
    "input",
  ]),
  "tool-result": object(
    { type: anything, toolCallId: string(), toolName: string(), output: anything, isError: boolean, providerOptions },
    ["toolCallId", "output"],
  ),
  reasoning: object(
    {
      type: anything,
      text,
      origin: object({ provider: string(), model: string() }, ["provider", "model"]),
      data: dictionary(anything),
      providerOptions,
    },
    ["text"],
  ),
};

/** Which parts each role may hold, and whether plain text will do. */
const ROLES: Readonly<Record<string, { readonly parts: readonly string[]; readonly plain: boolean }>> = {
  system: { parts: ["text"], plain: true },
  user: { parts: ["text", "image", "file"], plain: true },
  assistant: { parts: ["text", "reasoning", "tool-call"], plain: true },
  tool: { parts: ["tool-result"], plain: false },
};

function checkPart(value: unknown, path: string, allowed: readonly string[]): void {
  if (!isRecord(value)) throw invalidInput(path, "a part: an object with a type");
  oneOf(...allowed)(value.type, `${path}.type`);
  PARTS[String(value.type)]?.(value, path);
}

const fields = object({ role: oneOf(...Object.keys(ROLES)), content: anything, providerOptions }, ["role", "content"]);

/** One message of a conversation. */
export const message: Check = (value, path) => {
  fields(value, path);
  if (!isRecord(value)) return;
  const role = ROLES[String(value.role)];
  if (role === undefined) return;
  const { content } = value;
  if (typeof content === "string" && role.plain) return;
  if (!Array.isArray(content)) {
    throw invalidInput(`${path}.content`, role.plain ? "a string or a list of parts" : "a list of parts");
  }
  list((part, at) => checkPart(part, at, role.parts))(content, `${path}.content`);
};
export { providerOptions };
