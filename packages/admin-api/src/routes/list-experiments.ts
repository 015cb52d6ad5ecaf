import type { AdminContext } from "../admin-context.ts";
import type { ExperimentsData } from "../contract.ts";
import { toResponse } from "../http/json-response.ts";
import { readSettings } from "../http/settings-failure.ts";

/** `GET …/experiments`: the experiments of the settings. */
export async function listExperiments({ settings, experiments, clock }: AdminContext): Promise<Response> {
  const { value, version } = await readSettings(() => settings.get());
  const data: ExperimentsData = {
    experiments: value.experiments ?? {},
    version,
    reports: experiments !== null,
    now: clock.now(),
  };
  return toResponse(data);
}
