"use client";

import { type FormEvent, useState } from "react";

export default function Chat() {
  const [answer, setAnswer] = useState("");
  const [state, setState] = useState("ready");

  async function ask(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const prompt = new FormData(event.currentTarget).get("prompt");
    setAnswer("");
    setState("answering");
    try {
      const reply = await fetch("/api/chat", { method: "POST", body: JSON.stringify({ prompt }) });
      const pieces = reply.body?.pipeThrough(new TextDecoderStream()).getReader();
      for (let piece = await pieces?.read(); piece?.done === false; piece = await pieces?.read()) {
        const text = piece.value;
        setAnswer((before) => before + text);
      }
      setState("complete");
    } catch {
      setState("broken off");
    }
  }

  return (
    <form onSubmit={ask}>
      <input name="prompt" aria-label="Prompt" />
      <button type="submit">Ask</button>
      <p role="status">{state}</p>
      <output>{answer}</output>
    </form>
  );
}
