import { AIModelsTab } from "@babylon/admin-react";
import { type ReactElement, useState } from "react";
import { LivePanel } from "./live-panel.tsx";
import { SignIn } from "./sign-in.tsx";
import { keepToken, takeToken } from "./token-store.ts";

type Theme = "system" | "light" | "dark";

const THEMES: readonly Theme[] = ["system", "light", "dark"];

/** The page: a bar, the tab, and the activity of this process. */
export function Dashboard(): ReactElement {
  const [token, setToken] = useState(takeToken);
  const [theme, setTheme] = useState<Theme>("system");
  const [changes, setChanges] = useState(0);

  function changeToken(next: string | null): void {
    keepToken(next);
    setToken(next);
  }

  return (
    <div className="page" data-theme={theme === "system" ? undefined : theme}>
      <header className="top">
        <p className="brand">
          Babylon LLM <span>Admin</span>
        </p>
        <div className="top-actions">
          <fieldset className="themes">
            <legend className="quiet">Theme</legend>
            {THEMES.map((each) => (
              <label key={each} data-chosen={theme === each}>
                <input type="radio" name="theme" checked={theme === each} onChange={() => setTheme(each)} />
                {each}
              </label>
            ))}
          </fieldset>
          {token !== null && (
            <button type="button" className="plain" onClick={() => changeToken(null)}>
              Sign out
            </button>
          )}
        </div>
      </header>
      <main>
        {token === null ? (
          <SignIn onToken={changeToken} />
        ) : (
          <>
            <AIModelsTab
              endpoint="/api/admin/ai-models"
              token={token}
              refreshMs={2_000}
              onSignIn={() => changeToken(null)}
              onSaved={() => setChanges(changes + 1)}
            />
            <LivePanel token={token} changes={changes} />
          </>
        )}
      </main>
    </div>
  );
}
