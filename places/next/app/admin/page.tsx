import { AIModelsTab } from "@babylon/admin-react";

/** A component of the server that shows the tab, which is one of the client by itself. */
export default async function Page({ searchParams }: { searchParams: Promise<{ token?: string }> }) {
  const { token } = await searchParams;
  return <AIModelsTab endpoint="/api/admin/ai-models" token={token ?? null} />;
}
