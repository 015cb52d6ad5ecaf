import type { FilePart, ImagePart } from "@babylon/llm-core";
import { expect, it } from "vitest";
import { fileNameFor, type Media, mediaOf } from "./media.ts";

const PNG = "iVBORw0KGgoAAAANSUhEUg==";
const image = (part: Omit<ImagePart, "type">): ImagePart => ({ type: "image", ...part });
const file = (part: Omit<FilePart, "type">): FilePart => ({ type: "file", ...part });

it.each<[string, ImagePart | FilePart, Media | null]>([
  ["an image URL", image({ url: "https://example.com/a.png" }), null],
  ["data and its type", image({ data: PNG, mediaType: "image/png" }), { mediaType: "image/png", data: PNG }],
  [
    "a type in capitals, with a parameter",
    image({ data: "AAAA", mediaType: " IMAGE/PNG; q=1" }),
    { mediaType: "image/png", data: "AAAA" },
  ],
  ["image/jpg", image({ data: "AAAA", mediaType: "image/jpg" }), { mediaType: "image/jpeg", data: "AAAA" }],
  [
    "a type that contradicts the data",
    image({ data: PNG, mediaType: "image/jpg" }),
    { mediaType: "image/png", data: PNG },
  ],
  ["a data: URL", image({ url: `data:image/gif;base64,AAAA` }), { mediaType: "image/gif", data: "AAAA" }],
  ["a data: URL in capitals", image({ url: "DATA:IMAGE/GIF;BASE64,AAAA" }), { mediaType: "image/gif", data: "AAAA" }],
  [
    "a data: URL with a parameter",
    image({ url: "data:image/gif;charset=utf-8;base64,AAAA" }),
    { mediaType: "image/gif", data: "AAAA" },
  ],
  [
    "a data: URL as data",
    image({ data: "data:image/gif;base64,AAAA", mediaType: "image/png" }),
    { mediaType: "image/gif", data: "AAAA" },
  ],
  [
    "a data: URL without a type",
    image({ data: "data:;base64,AAAA", mediaType: "image/webp" }),
    { mediaType: "image/webp", data: "AAAA" },
  ],
  [
    "a data: URL that is text",
    image({ url: "data:image/svg+xml,%3Csvg/%3E" }),
    { mediaType: "image/svg+xml", data: btoa("<svg/>") },
  ],
  [
    "a data: URL with an invalid escape",
    file({ data: "data:text/plain,100%", mediaType: "text/plain" }),
    { mediaType: "text/plain", data: btoa("100%") },
  ],
  [
    "base64 of URLs, in lines",
    image({ data: "-_A\nA", mediaType: "image/bmp" }),
    { mediaType: "image/bmp", data: "+/AA" },
  ],
  [
    "a file without a type",
    file({ data: "AAAA", mediaType: "" }),
    { mediaType: "application/octet-stream", data: "AAAA" },
  ],
  [
    "a PDF",
    file({ data: "JVBERi0=", mediaType: "application/octet-stream" }),
    { mediaType: "application/pdf", data: "JVBERi0=" },
  ],
  [
    "a RIFF that is not an image",
    image({ data: "UklGRgECAwRXQVZF", mediaType: "audio/wav" }),
    { mediaType: "audio/wav", data: "UklGRgECAwRXQVZF" },
  ],
])("%s", (_, part, expected) => {
  expect(mediaOf(part)).toEqual(expected);
});

it.each([
  ["application/pdf", "file.pdf"],
  ["text/markdown", "file.md"],
  ["audio/wav", "file.wav"],
  ["application/x-odd+thing", "file.bin"],
])("a file of %s without a name is %s", (type, name) => {
  expect(fileNameFor(type)).toBe(name);
});
