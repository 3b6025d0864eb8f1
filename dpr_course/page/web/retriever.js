// The data of the page: passages, questions and columns. A column answers a question with a score for every passage.

class Room {
  // buffer holds the bytes of weights and vectors, about everything else. page/pack.py writes both.
  constructor(buffer, about) {
    this.about = about;
    this.passages = about.passages.map(([title, text], number) => ({ number, title, text }));
    this.questions = about.questions.map(([question, answers, gold]) => ({ question, answers, gold }));
    this.bm25 = new BM25(this.passages, about.bm25);
    this.tokenizers = about.tokenizers.map((t) => new Tokenizer(t));
    this.columns = [];
    for (const column of about.columns) {
      this.columns.push(column.kind === "bm25" ? new WordColumn(column, this) : new DenseColumn(column, this, buffer));
    }
  }

  answer(question) {
    return this.columns.map((column) => best(column.scores(question), 5));
  }
}

// Returns { number, score } of the k best passages, best first. Of equal scores the earlier passage comes first.
function best(scores, k) {
  const found = [];
  for (let i = 0; i < scores.length; i++) {
    if (found.length === k && scores[i] <= scores[found[k - 1]]) continue;
    let at = found.length;
    while (at > 0 && scores[found[at - 1]] < scores[i]) at--;
    found.splice(at, 0, i);
    if (found.length > k) found.pop();
  }
  return found.map((number) => ({ number, score: scores[number] }));
}

// Returns the rank of one passage, 1 for the best. Of equal scores the earlier passage comes first.
function rankOf(scores, number) {
  let rank = 1;
  for (let i = 0; i < scores.length; i++) rank += scores[i] > scores[number] || (scores[i] === scores[number] && i < number);
  return rank;
}

class WordColumn {
  constructor({ label, note }, room) {
    Object.assign(this, { label, note, room, dense: false });
  }

  scores(question) {
    return this.room.bm25.scores(question);
  }
}

class DenseColumn {
  constructor({ label, note, config, weights, passages, base, map, tokenizer }, room, buffer) {
    Object.assign(this, { label, note, dense: true, map, config });
    this.tokenizer = room.tokenizers[tokenizer];
    const other = base === null ? null : room.columns[base];
    const read = ({ q, s, f, shape }) => {
      const [rows, width] = shape.length > 1 ? shape : [1, shape[0]];
      if (f !== undefined) return new Float32Array(buffer, f, width);
      return { q: new Int8Array(buffer, q, rows * width), s: new Float32Array(buffer, s, rows) };
    };
    this.weights = {};
    for (const [name, place] of Object.entries(weights)) {
      const weight = read(place);
      if (other && weight.q) { // stored as the difference from the weights of column `other`, modulo 256
        const from = other.weights[name].q;
        for (let i = 0; i < weight.q.length; i++) weight.q[i] += from[i];
      }
      this.weights[name] = weight;
    }
    this.encoder = new Encoder((name) => this.weights[name], config);
    this.vectors = { ...read(passages), mean: new Float32Array(buffer, passages.mean, config.dim) };
  }

  // Returns the vector of a question. That of the last question is cached, because the map, if it is open, needs it again.
  vector(question) {
    if (this.asked !== question) Object.assign(this, { asked: question, X: this.encoder.encode(this.tokenizer.encode(question)) });
    return this.X;
  }

  scores(question) {
    return this.scoresOf(this.vector(question));
  }

  // Returns the dot products of a vector X (d) with the vectors of all passages.
  scoresOf(X) {
    const { q, s, mean } = this.vectors, d = X.length, scores = new Float32Array(s.length);
    const level = X.reduce((sum, x, j) => sum + x * mean[j], 0);
    for (let i = 0; i < s.length; i++) {
      let a = 0, b = 0, c = 0, e = 0, at = i * d;
      for (let j = 0; j < d; j += 4, at += 4) {
        a += X[j] * q[at];
        b += X[j + 1] * q[at + 1];
        c += X[j + 2] * q[at + 2];
        e += X[j + 3] * q[at + 3];
      }
      scores[i] = (a + b + c + e) * s[i] + level;
    }
    return scores;
  }
}

// Returns the occurrences of the answers in a text, as [start, end). Tokens are compared as in has_answer of dpr_course/text.py.
function answerPlaces(text, answers) {
  const tokens = (t) => [...t.matchAll(/[\p{L}\p{N}\p{M}]+|[^\p{Z}\p{C}]/gu)].map((m) => ({
    word: m[0].normalize("NFD").toLowerCase(), start: m.index, end: m.index + m[0].length }));
  const words = tokens(text), found = [];
  for (const answer of answers) {
    const wanted = tokens(answer).map((t) => t.word);
    for (let i = 0; wanted.length && i + wanted.length <= words.length; i++) {
      if (wanted.every((w, j) => words[i + j].word === w)) found.push([words[i].start, words[i + wanted.length - 1].end]);
    }
  }
  found.sort((a, b) => a[0] - b[0] || b[1] - a[1]);
  return found.filter(([start], i) => found.slice(0, i).every(([, end]) => end <= start));
}
