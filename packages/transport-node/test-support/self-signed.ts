import { generateKeyPairSync, sign } from "node:crypto";

/** A self-signed certificate for `localhost`, and its key. PEM. */
export interface SelfSigned {
  readonly key: string;
  readonly cert: string;
}

const SEQUENCE = 0x30;
const SET = 0x31;
const INTEGER = 0x02;
const BIT_STRING = 0x03;
const OCTET_STRING = 0x04;
const OID = 0x06;
const UTF8 = 0x0c;
const UTC_TIME = 0x17;

/** One value of DER: tag, length, content. */
function der(tag: number, ...content: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  const length =
    body.length < 0x80
      ? [body.length]
      : body.length < 0x100
        ? [0x81, body.length]
        : [0x82, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}

const hex = (digits: string): Buffer => Buffer.from(digits, "hex");

/** Makes one, valid from 2020 to 2049 (RFC 5280): P-256, `CN=localhost` and the same as an alternative name. */
export function selfSigned(): SelfSigned {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const ecdsaWithSha256 = der(SEQUENCE, der(OID, hex("2a8648ce3d040302")));
  const name = der(SEQUENCE, der(SET, der(SEQUENCE, der(OID, hex("550403")), der(UTF8, Buffer.from("localhost")))));
  const time = (text: string): Buffer => der(UTC_TIME, Buffer.from(text));
  const alternativeName = der(
    SEQUENCE,
    der(OID, hex("551d11")),
    der(OCTET_STRING, der(SEQUENCE, der(0x82, Buffer.from("localhost")))),
  );
  const content = der(
    SEQUENCE,
    der(0xa0, der(INTEGER, hex("02"))),
    der(INTEGER, hex("01")),
    ecdsaWithSha256,
    name,
    der(SEQUENCE, time("200101000000Z"), time("491231235959Z")),
    name,
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, der(SEQUENCE, alternativeName)),
  );
  const signature = sign("sha256", content, privateKey);
  const certificate = der(SEQUENCE, content, ecdsaWithSha256, der(BIT_STRING, hex("00"), signature));
  const base64 = certificate.toString("base64").replace(/.{64}/g, "$&\n");
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`,
  };
}
