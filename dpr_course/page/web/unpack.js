// From the characters of this file back to bytes: seven bits a character, then gzip.

const SHIFT = 192; // the characters that a file may not hold as they are stand this much higher

function bytesOf(text) {
  const bytes = new Uint8Array(Math.floor((text.length * 7) / 8));
  let at = 0, held = 0, bits = 0;
  for (let i = 0; i < text.length && at < bytes.length; i++) {
    const c = text.charCodeAt(i);
    held = ((held << 7) | (c >= SHIFT ? c - SHIFT : c)) & 0x7fff;
    bits += 7;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = held >> bits;
    }
  }
  return bytes;
}

// size: bytes before they were written as characters. Returns an ArrayBuffer; throws if the file was damaged on its way.
async function unpack(text, size) {
  const stream = new Blob([bytesOf(text).subarray(0, size)]).stream().pipeThrough(new DecompressionStream("gzip"));
  return await new Response(stream).arrayBuffer();
}
