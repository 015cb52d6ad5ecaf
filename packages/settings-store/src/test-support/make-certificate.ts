import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";

/** A certificate of this machine for a test. */
export interface TestCertificate {
  /** Files. */
  readonly cert: string;
  readonly key: string;
  /** Makes this process trust it, as `NODE_EXTRA_CA_CERTS` does for a process that starts. Returns the function that ends this. */
  trust(): () => void;
  remove(): void;
}

/** Makes a certificate of 127.0.0.1 with `openssl`, which signs itself. */
export function makeCertificate(): TestCertificate {
  const folder = mkdtempSync(join(tmpdir(), "babylon-tls-"));
  const cert = join(folder, "cert.pem");
  const key = join(folder, "key.pem");
  const subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"];
  const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
  execFileSync("openssl", ["req", "-x509", ...kind, ...subject, "-keyout", key, "-out", cert], { stdio: "pipe" });
  return {
    cert,
    key,
    trust() {
      const before = getCACertificates("default");
      setDefaultCACertificates([...before, readFileSync(cert, "utf8")]);
      return () => setDefaultCACertificates(before);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
