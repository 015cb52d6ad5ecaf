import { type FormEvent, type ReactElement, useState } from "react";

/** Asks for the token that the server printed when it started. */
export function SignIn({ onToken }: { onToken(token: string): void }): ReactElement {
  const [token, setToken] = useState("");

  function onSubmit(event: FormEvent): void {
    event.preventDefault();
    if (token.trim() !== "") onToken(token.trim());
  }
  return (
    <form className="sign-in" onSubmit={onSubmit}>
      <h1>Sign in</h1>
      <p>The server printed a token when it started.</p>
      <label htmlFor="token">Admin token</label>
      <input
        id="token"
        type="password"
        autoComplete="current-password"
        value={token}
        onChange={({ target }) => setToken(target.value)}
      />
      <button type="submit" className="strong">
        Sign in
      </button>
    </form>
  );
}
