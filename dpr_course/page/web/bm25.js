// BM25 with the settings of the course: lower-case words, Lucene's stop words, Porter's stems, k1 = 0.9, b = 0.4.

const WORD = /[\p{L}\p{N}_]+/gu;

// Returns the lower-case words of a text. The s of "Jupiter's" is not a word.
function wordsOf(text) {
  const lower = text.toLowerCase();
  return [...lower.matchAll(WORD)].filter((m) => m[0] !== "s" || !/['’]/.test(lower[m.index - 1] || "")).map((m) => m[0]);
}

const STEP_2 = { tional: "tion", enci: "ence", anci: "ance", abli: "able", entli: "ent", eli: "e", izer: "ize", ization: "ize",
  ational: "ate", ation: "ate", ator: "ate", alli: "al", alism: "al", aliti: "al", fulness: "ful", ousli: "ous", ousness: "ous",
  iveness: "ive", iviti: "ive", biliti: "ble" };
const STEP_3 = { alize: "al", icate: "ic", iciti: "ic", ical: "ic", ative: "", ful: "", ness: "" };
const STEP_4 = Object.fromEntries(
  "al ance ence er ic able ible ant ement ment ent ou ism ate iti ous ive ize ion".split(" ").map((end) => [end, ""]));
const SHORT = /[^aeiouy][aeiouy][^aeiouywxY]$/u;

// Returns the stem of a lower-case word by Porter's algorithm (Porter 1980), in Snowball's version.
function stem(word) {
  let w = word.replace(/^y/u, "Y").replace(/([aeiouy])y/gu, "$1Y");
  const region = /^[^aeiouy]*[aeiouy]+[^aeiouy]/u.exec(w);
  const p1 = region ? region[0].length : w.length;
  const second = region ? /^[^aeiouy]*[aeiouy]+[^aeiouy]/u.exec(w.slice(p1)) : null;
  const p2 = second ? p1 + second[0].length : w.length;
  const cut = (n) => w.slice(0, w.length - n);
  const replace = (ends, from) => { // replaces the longest ending of `ends` that the word has, if it begins at `from` or later
    const longest = Object.keys(ends).filter((e) => w.endsWith(e)).sort((a, b) => b.length - a.length)[0];
    if (longest === undefined || w.length - longest.length < from) return;
    if (longest !== "ion" || /[st]$/.test(cut(3))) w = cut(longest.length) + ends[longest];
  };
  if (w.endsWith("sses") || w.endsWith("ies")) w = cut(2);
  else if (w.endsWith("s") && !w.endsWith("ss")) w = cut(1);
  const ending = w.endsWith("ing") ? 3 : w.endsWith("ed") ? 2 : 0;
  if (w.endsWith("eed")) w = w.length - 3 >= p1 ? cut(1) : w;
  else if (ending && /[aeiouy]/.test(cut(ending))) {
    w = cut(ending);
    if (/(at|bl|iz)$/.test(w)) w += "e";
    else if (/(bb|dd|ff|gg|mm|nn|pp|rr|tt)$/.test(w)) w = cut(1);
    else if (w.length === p1 && SHORT.test(w)) w += "e";
  }
  if (/[aeiouy].*[yY]$/su.test(w)) w = `${cut(1)}i`;
  replace(STEP_2, p1);
  replace(STEP_3, p1);
  replace(STEP_4, p2);
  if (w.endsWith("e") && (w.length - 1 >= p2 || (w.length - 1 >= p1 && !SHORT.test(cut(1))))) w = cut(1);
  if (w.endsWith("ll") && w.length - 1 >= p2) w = cut(1);
  return w.replaceAll("Y", "y");
}

class BM25 {
  // passages: [{ title, text }]; settings: { k1, b, stop_words }
  constructor(passages, settings) {
    this.stop = new Set(settings.stop_words);
    this.stems = new Map();
    this.postings = new Map(); // stem -> [numbers of the passages that hold it, its count in each]
    this.size = passages.length;
    const lengths = passages.map((p, i) => {
      const counts = new Map();
      const words = this.terms(`${p.title} ${p.text}`);
      for (const word of words) counts.set(word, (counts.get(word) || 0) + 1);
      for (const [word, n] of counts) {
        if (!this.postings.has(word)) this.postings.set(word, [[], []]);
        const [which, often] = this.postings.get(word);
        which.push(i);
        often.push(n);
      }
      return words.length;
    });
    const mean = lengths.reduce((a, n) => a + n, 0) / Math.max(1, lengths.length);
    this.damping = lengths.map((n) => settings.k1 * (1 - settings.b + (settings.b * n) / (mean || 1)));
  }

  stemOf(word) {
    if (!this.stems.has(word)) this.stems.set(word, stem(word));
    return this.stems.get(word);
  }

  // Returns the stems of a text's words in order, without stop words.
  terms(text) {
    return wordsOf(text).filter((word) => !this.stop.has(word)).map((word) => this.stemOf(word)).filter(Boolean);
  }

  weight(term) {
    const n = this.postings.has(term) ? this.postings.get(term)[0].length : 0;
    return Math.log(1 + (this.size - n + 0.5) / (n + 0.5));
  }

  scores(question) {
    const scores = new Float32Array(this.size);
    for (const term of this.terms(question)) {
      if (!this.postings.has(term)) continue;
      const [which, often] = this.postings.get(term);
      const weight = this.weight(term);
      which.forEach((i, j) => (scores[i] += (weight * often[j]) / (often[j] + this.damping[i])));
    }
    return scores;
  }

  // Returns, for each word of a question, its stem, whether it is a stop word, how many passages hold it, and its weight.
  explain(question) {
    return wordsOf(question).map((word) => {
      const term = this.stemOf(word);
      const held = this.postings.has(term) ? this.postings.get(term)[0].length : 0;
      return { word, term, stop: this.stop.has(word), held, weight: this.weight(term) };
    });
  }
}
