// Turns the characters of this file back into bytes: seven bits per character, then gzip.

const SHIFT = 192; // characters that cannot be written as they are have a code that is larger by this number

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

// Returns the unpacked data as an ArrayBuffer. size is the number of compressed bytes. Throws an error if the file is damaged.
async function unpack(text, size) {
  const stream = new Blob([bytesOf(text).subarray(0, size)]).stream().pipeThrough(new DecompressionStream("gzip"));
  return await new Response(stream).arrayBuffer();
}
