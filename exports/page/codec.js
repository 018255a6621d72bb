// From the text of a page to numbers: base64, deflate, and numbers of seven bits a byte.

/** Return the bytes of base64 text. */
export function fromBase64(text) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
  const packed = atob(text);
  const bytes = new Uint8Array(packed.length);
  for (let k = 0; k < packed.length; k++) bytes[k] = packed.charCodeAt(k);
  return bytes;
}

/** Inflate bytes that zlib has deflated. */
export async function inflate(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Return the numbers of bytes of seven bits each, the lowest first; all but a number's last have the eighth set. */
export function varints(bytes) {
  const numbers = new Uint32Array(bytes.length);
  let count = 0;
  let value = 0;
  let shift = 0;
  for (const byte of bytes) {
    value |= (byte & 127) << shift;
    if (byte & 128) shift += 7;
    else {
      numbers[count++] = value;
      value = 0;
      shift = 0;
    }
  }
  return numbers.subarray(0, count);
}
