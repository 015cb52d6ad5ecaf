import { isRecord } from "../contract/json.ts";
import { invalidInput } from "../errors/llm-error.ts";
import { anything, boolean, dictionaryOf, listOf, type OptionCheck, objectOf, oneOf, string } from "./checks.ts";

const text = string({ allowEmpty: true });
const providerOptions: OptionCheck = dictionaryOf(
  objectOf({ body: dictionaryOf(anything), headers: dictionaryOf(text) }),
);

const urlOrData: OptionCheck = (value, path) => {
  if (!isRecord(value)) return;
  if ((value.url === undefined) === (value.data === undefined)) throw invalidInput(path, "either url or data");
  if (value.data !== undefined && value.mediaType === undefined)
    throw invalidInput(`${path}.mediaType`, "a media type (required with data)");
};

const image = objectOf({ type: anything, url: string(), data: string(), mediaType: string(), providerOptions });
const origin = objectOf({ provider: string(), model: string() }, ["provider", "model"]);
const PARTS: Readonly<Record<string, OptionCheck>> = {
  text: objectOf({ type: anything, text, providerOptions }, ["text"]),
  image: (value, path) => {
    image(value, path);
    urlOrData(value, path);
  },
  file: objectOf({ type: anything, data: string(), mediaType: string(), filename: string(), providerOptions }, [
    "data",
    "mediaType",
  ]),
  "tool-call": objectOf(
    {
      type: anything,
      id: string(),
      name: string(),
      input: anything,
      origin,
      data: dictionaryOf(anything),
      providerOptions,
    },
    ["id", "name", "input"],
  ),
  "tool-result": objectOf(
    { type: anything, toolCallId: string(), toolName: string(), output: anything, isError: boolean, providerOptions },
    ["toolCallId", "output"],
  ),
  reasoning: objectOf(
    {
      type: anything,
      text,
      origin,
      data: dictionaryOf(anything),
      providerOptions,
    },
    ["text"],
  ),
};

/** The parts that each role may contain, and whether its content may be a plain string. */
const ROLES: Readonly<Record<string, { readonly parts: readonly string[]; readonly allowsString: boolean }>> = {
  system: { parts: ["text"], allowsString: true },
  user: { parts: ["text", "image", "file"], allowsString: true },
  assistant: { parts: ["text", "reasoning", "tool-call"], allowsString: true },
  tool: { parts: ["tool-result"], allowsString: false },
};

function checkPart(value: unknown, path: string, allowed: readonly string[]): void {
  if (!isRecord(value)) throw invalidInput(path, "a part: an object with a type");
  oneOf(...allowed)(value.type, `${path}.type`);
  PARTS[String(value.type)]?.(value, path);
}

const fields = objectOf({ role: oneOf(...Object.keys(ROLES)), content: anything, providerOptions }, [
  "role",
  "content",
]);

/** A message of a conversation. */
export const message: OptionCheck = (value, path) => {
  fields(value, path);
  if (!isRecord(value)) return;
  const role = ROLES[String(value.role)];
  if (role === undefined) return;
  const { content } = value;
  if (typeof content === "string" && role.allowsString) return;
  if (!Array.isArray(content)) {
    throw invalidInput(`${path}.content`, role.allowsString ? "a string or a list of parts" : "a list of parts");
  }
  listOf((part, at) => checkPart(part, at, role.parts))(content, `${path}.content`);
};
export { providerOptions };
