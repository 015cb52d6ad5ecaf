import { AIModelsTab } from "@babylon/admin-react";

/** A server component that renders the tab, which is a client component. */
export default async function Page({ searchParams }: { searchParams: Promise<{ token?: string }> }) {
  const { token } = await searchParams;
  return <AIModelsTab endpoint="/api/admin/ai-models" token={token ?? null} />;
}
