import { useCallback, useEffect, useState } from "react";
import type { DashboardState } from "../dashboard-state.ts";

const EVERY_MS = 1_000;

/** The activity of the server process, polled every second, and a function that sets faults of simulated providers. */
export interface LiveState {
  /** `null`: not loaded, or the server does not answer. */
  readonly state: DashboardState | null;
  setBroken(provider: string, broken: boolean): void;
}

/** Polls the server. A new value of `changes` refreshes at once. */
export function useDashboardState(token: string, changes: number): LiveState {
  const [state, setState] = useState<DashboardState | null>(null);

  const look = useCallback(
    async (signal?: AbortSignal): Promise<void> => {
      try {
        const headers = { authorization: `Bearer ${token}` };
        const reply = await fetch("/api/dashboard/state", { headers, ...(signal === undefined ? {} : { signal }) });
        setState(reply.ok ? await reply.json() : null);
      } catch {
        if (signal?.aborted !== true) setState(null);
      }
    },
    [token],
  );

  useEffect(() => {
    const controller = new AbortController();
    void look(controller.signal);
    const timer = setInterval(() => void look(controller.signal), EVERY_MS);
    return () => {
      clearInterval(timer);
      controller.abort();
    };
  }, [look, changes]);

  async function setBroken(provider: string, broken: boolean): Promise<void> {
    await fetch(`/api/dashboard/broken/${provider}`, {
      method: "PUT",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify(broken),
    }).catch(() => {});
    await look();
  }
  return { state, setBroken: (provider, broken) => void setBroken(provider, broken) };
}
