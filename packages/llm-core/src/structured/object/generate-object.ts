import type { CallOptions } from "../../contract/call-options.ts";
import type { CapturedContexts } from "../../observe/observing.ts";
import { warn } from "../../run/call.ts";
import { fail, runSession, succeed, toResult } from "../../run/call-session.ts";
import type { ItemSink } from "../array/item-stream.ts";
import { expectedShape } from "../schema/expected-shape.ts";
import type { AnySchema, InferSchema } from "../schema/structured-schema.ts";
import { toRequestedSchema } from "../schema/to-requested-schema.ts";
import { abortOnClose, DEFAULT_REASKS, type StructuredHost } from "../structured-host.ts";
import type {
  GenerateObjectOptions,
  GenerateObjectResult,
  GenerateObjectWithToolsOptions,
} from "../structured-options.ts";
import { createTimeSlicer } from "../time-slicer.ts";
import { createObjectForm } from "./object-form.ts";
import { createObjectWatch, type ObjectSnapshot } from "./object-watch.ts";

/** Generates one object. The options must be checked. `sink` receives snapshots. */
export async function generateObject<S extends AnySchema>(
  host: StructuredHost,
  captured: CapturedContexts,
  options: GenerateObjectOptions<S> | GenerateObjectWithToolsOptions<S>,
  sink: ItemSink<ObjectSnapshot> | null = null,
): Promise<GenerateObjectResult<InferSchema<S> | null>> {
  const { schema: given, maxReasks = DEFAULT_REASKS, ...rest } = options;
  const schema = await toRequestedSchema(given, "schema");
  const callOptions: CallOptions = rest;
  const session = host.open(callOptions, captured);
  try {
    abortOnClose(sink, session);
    for (const warning of schema.warnings) warn(session.call, warning);
    const form = createObjectForm({
      schema,
      maxReasks,
      transport: callOptions.transport ?? "auto",
      tools: Object.keys(callOptions.tools ?? {}).length > 0,
      slicer: createTimeSlicer(session.call),
      watch:
        sink === null ? undefined : createObjectWatch(schema.jsonSchema, expectedShape(schema.jsonSchema), sink.emit),
    });
    const served = await runSession(session, { form });
    const { value } = served;
    return { ...succeed(session, toResult(session, served)), object: value === null ? null : value.object };
  } catch (thrown) {
    throw fail(session, thrown);
  }
}
