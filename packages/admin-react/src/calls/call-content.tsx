import type { RecordedContent } from "@babylon/admin-api/contract";
import type { ReactElement } from "react";

type ContentMessage = RecordedContent["messages"][number];

function textOf({ content }: ContentMessage): string {
  if (typeof content === "string") return content;
  return content.map((part) => (part.type === "text" ? part.text : JSON.stringify(part, null, 2))).join("\n");
}

function Block({ title, text }: { readonly title: string; readonly text: string }): ReactElement {
  return (
    <li>
      <h3>{title}</h3>
      <p className="bm-content-text">{text}</p>
    </li>
  );
}

/** The messages of a call and its answer, as text. */
export function CallContent({ content }: { readonly content: RecordedContent }): ReactElement {
  const { messages, text, reasoning, toolCalls } = content;
  return (
    <ol className="bm-card bm-content">
      {messages.map((message, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: messages have no ids and never change
        <Block key={at} title={message.role} text={textOf(message)} />
      ))}
      {reasoning !== null && <Block title="Reasoning of the answer" text={reasoning} />}
      {text !== null && <Block title="Answer" text={text} />}
      {toolCalls.length > 0 && <Block title="Tool calls of the answer" text={JSON.stringify(toolCalls, null, 2)} />}
      {text === null && toolCalls.length === 0 && <Block title="Answer" text="None: the call did not succeed." />}
    </ol>
  );
}
