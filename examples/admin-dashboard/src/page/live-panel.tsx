import type { ReactElement } from "react";
import type { RecentCall } from "../dashboard-state.ts";
import { useDashboardState } from "./use-dashboard-state.ts";

const PROVIDERS = [
  ["wandb", "Weights & Biases"],
  ["groq", "Groq"],
  ["claude", "Claude"],
  ["openai", "OpenAI"],
] as const;
const SHOWN = 10;

const nameOf = (id: string | null) => PROVIDERS.find(([each]) => each === id)?.[1] ?? id ?? "none";
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });

function CallRow({ call }: { readonly call: RecentCall }): ReactElement {
  const { at, agent, purpose, provider, model, attempts, durationMs, error } = call;
  return (
    <tr data-provider={provider ?? "none"}>
      <td>{clock.format(at)}</td>
      <td>{agent ?? purpose ?? "–"}</td>
      <td>{error === null ? nameOf(provider) : `failed: ${error}`}</td>
      <td className="mono">{model ?? "–"}</td>
      <td className="number">{attempts}</td>
      <td className="number">{Math.round(durationMs)} ms</td>
    </tr>
  );
}

/** The activity of the server process: its latest calls, and switches for faults of the simulated providers. */
export function LivePanel({
  token,
  changes,
}: {
  readonly token: string;
  readonly changes: number;
}): ReactElement | null {
  const { state, setBroken } = useDashboardState(token, changes);
  if (state === null) return null;
  return (
    <section className="live" aria-label="This process">
      {state.simulated && (
        <div className="breakers">
          <h2>Simulator</h2>
          <p>No key is set, so these four are simulated. Break one and watch the chain.</p>
          <div className="breaker-row">
            {PROVIDERS.map(([id, name]) => {
              const broken = state.broken.includes(id);
              return (
                <button
                  key={id}
                  type="button"
                  className="breaker"
                  aria-pressed={broken}
                  onClick={() => setBroken(id, !broken)}
                >
                  {broken ? `Mend ${name}` : `Break ${name}`}
                </button>
              );
            })}
          </div>
        </div>
      )}
      <h2>Latest calls of this process</h2>
      {state.calls.length === 0 ? (
        <p>None yet.</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region has to be reachable by keyboard
        <section className="scroll" aria-label="Latest calls" tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th scope="col">At</th>
                <th scope="col">Agent</th>
                <th scope="col">Served by</th>
                <th scope="col">Model</th>
                <th scope="col" className="number">
                  Attempts
                </th>
                <th scope="col" className="number">
                  Time
                </th>
              </tr>
            </thead>
            <tbody>
              {state.calls.slice(0, SHOWN).map((call) => (
                <CallRow key={call.id} call={call} />
              ))}
            </tbody>
          </table>
        </section>
      )}
    </section>
  );
}
