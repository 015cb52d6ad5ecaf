/**
 * A short name for a key, to tell keys apart without holding them: 64 bits of FNV-1a over its characters, as hex. Not meant to
 * withstand guessing of weak secrets; vendor keys are long and random.
 */
export function fingerprint(secret: string): string {
  let a = 0x811c9dc5;
  let b = 0x050c5d1f;
  for (let index = 0; index < secret.length; index += 1) {
    const code = secret.charCodeAt(index);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ (code + index), 0x01000193);
  }
  return (a >>> 0).toString(16).padStart(8, "0") + (b >>> 0).toString(16).padStart(8, "0");
}
