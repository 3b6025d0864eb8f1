// Turns text into the same token ids as the encoder's tokenizer: BERT's normaliser, BERT's split into words, then WordPiece.

// Characters that are dropped, blanks, characters that are words by themselves (Chinese, Japanese kanji), and punctuation.
const DROPPED = /[\p{Cc}\p{Cf}\p{Co}\u0000\ufffd]/u;
const BLANK = /[\p{Z}\t\n\r\u000b\u000c\u0085]/u;
const ALONE = /[\u4e00-\u9fff\u3400-\u4dbf\u{20000}-\u{2a6df}\u{2a700}-\u{2b73f}\u{2b740}-\u{2b81f}\u{2b920}-\u{2ceaf}\uf900-\ufaff\u{2f800}-\u{2fa1f}]/u;
const PUNCTUATION = /[!-/:-@[-`{-~\u166d\u{111c9}\p{P}]/u;
// Marks and signs that came into Unicode after version 8, from which the tokenizer's tables were made. It treats them as letters.
const LATER = new RegExp(
  `[${
    String.raw`\u061d\u07fd\u0890-\u08e2\u09fd-\u09fe\u0a76\u0afa-\u0aff\u0b55\u0c04-\u0c3c\u0c77\u0c84\u0d00\u0d3b-\u0d3c` +
    String.raw`\u0d81\u0eba\u0ece\u180f-\u1886\u1abf-\u1aeb\u1b4e-\u1b4f\u1b7d-\u1b7f\u1df6-\u1dfb\u2e43-\u2e5d\ua82c` +
    String.raw`\ua8c5\ua8ff\ua9bd\u{105c9}-\u{105e4}\u{10d24}-\u{10d27}\u{10d69}-\u{10f89}\u{11070}-\u{11074}` +
    String.raw`\u{110c2}-\u{110cd}\u{111cf}\u{1123e}-\u{11241}\u{1133b}\u{11383}-\u{1145e}\u{11660}-\u{1166c}` +
    String.raw`\u{116b9}\u{1182f}-\u{1183b}\u{11938}-\u{11fff}\u{12ff1}-\u{12ff2}\u{13430}-\u{13455}` +
    String.raw`\u{1611e}-\u{1612f}\u{16d68}-\u{16d6f}\u{16e97}-\u{16e9a}\u{16f4f}\u{16fe2}-\u{16fe4}\u{1cf00}-\u{1cf46}` +
    String.raw`\u{1e000}-\u{1e6f5}\u{1e944}-\u{1e95f}`
  }]`,
  "u",
);
const ACCENT = /(?!\u{111c9})[\p{Mn}\u1734\u{1171e}]/gu;
const LONGEST_WORD = 100; // characters; a longer word becomes [UNK]

// Returns the words of a text in lower case and without accents. A punctuation mark is a word by itself.
function normalisedWords(text) {
  let clean = "";
  for (const c of text) {
    if (LATER.test(c)) clean += c;
    else if (c === "\t" || c === "\n" || c === "\r" || (BLANK.test(c) && !DROPPED.test(c))) clean += " ";
    else if (!DROPPED.test(c)) clean += ALONE.test(c) ? ` ${c} ` : c;
  }
  const words = [];
  let word = "";
  const end = () => {
    if (word) words.push(word);
    word = "";
  };
  const bare = clean.split(new RegExp(`(${LATER.source})`, "u")).map((part) => (LATER.test(part) ? part : part.normalize("NFD").replace(ACCENT, "")))
  for (const c of bare.join("")) {
    for (const l of LATER.test(c) ? c : c.toLowerCase()) { // each character separately, so that a final Σ becomes σ and not ς
      if (LATER.test(l)) word += l;
      else if (BLANK.test(l)) end();
      else if (PUNCTUATION.test(l)) {
        end();
        words.push(l);
      } else word += l;
    }
  }
  end();
  return words;
}

class Tokenizer {
  // vocab holds the tokens in the order of their ids, special those that are read as one token if they are typed, such as [SEP].
  constructor({ vocab, special, cls, sep, unknown, max_length }) {
    Object.assign(this, { vocab, cls, sep, unknown, max_length });
    this.ids = new Map(vocab.map((token, id) => [token, id]));
    this.special = new Map(special.map((token) => [token, this.ids.get(token)]));
    this.typed = new RegExp(`(${special.map((s) => s.replace(/[[\]\\^$.*+?(){}|]/g, "\\$&")).join("|")})`, "u");
  }

  // Returns the ids of the pieces of a word, each the longest that matches; [UNK] if some part of the word matches no piece.
  pieces(word) {
    if ([...word].length > LONGEST_WORD) return [this.unknown];
    const found = [];
    for (let start = 0; start < word.length; ) {
      let end = word.length, id;
      for (; end > start; end--) {
        id = this.ids.get((start ? "##" : "") + word.slice(start, end));
        if (id !== undefined) break;
      }
      if (end === start) return [this.unknown];
      found.push(id);
      start = end;
    }
    return found;
  }

  // Returns the token ids of a text, at most max_length of them, with [CLS] first and [SEP] last.
  encode(text) {
    const ids = [];
    for (const part of text.replace(/\p{Cs}/gu, "\ufffd").split(this.typed)) {
      if (this.special.has(part)) ids.push(this.special.get(part));
      else for (const word of normalisedWords(part)) for (const id of this.pieces(word)) ids.push(id);
    }
    return [this.cls, ...ids.slice(0, this.max_length - 2), this.sep];
  }
}
