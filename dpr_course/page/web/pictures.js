// Two interactive pictures: the score matrix and the map of vectors.

const PAIRS = 24; // number of questions in the matrix, with their gold passages

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

// Clears the canvas at its size on the screen. Returns its context, and its width and height in CSS pixels.
function fresh(canvas, ratio) {
  const width = canvas.clientWidth || 320, height = Math.round(width * ratio), scale = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const pen = canvas.getContext("2d");
  pen.scale(scale, scale);
  pen.fillStyle = colour("--card");
  pen.fillRect(0, 0, width, height);
  return { pen, width, height };
}

function chooser(section, columns, changed) {
  const select = section.querySelector("select");
  columns.forEach((column) => select.append(make("option", {}, column.label)));
  select.selectedIndex = columns.length - 1;
  select.onchange = changed;
  return () => columns[select.selectedIndex];
}

class Matrix {
  constructor(section, room) {
    Object.assign(this, { section, room, at: [0, 0], start: 0 });
    this.canvas = section.querySelector("canvas");
    this.told = section.querySelector("#cell");
    this.column = chooser(section, room.columns, () => this.draw());
    this.canvas.onpointermove = this.canvas.onpointerdown = (e) => this.point(e);
    this.canvas.onkeydown = (e) => this.key(e);
    section.ontoggle = () => this.draw();
  }

  // Shows the questions from number `start` on. Of several questions with the same gold passage only the first is shown.
  from(start) {
    this.start = start;
    this.draw();
  }

  pairs() {
    const chosen = [], golds = new Set();
    const n = this.room.questions.length;
    for (let i = 0; i < n && chosen.length < PAIRS; i++) {
      const q = this.room.questions[(this.start + i) % n];
      if (q.gold !== null && !golds.has(q.gold)) golds.add(q.gold), chosen.push(q);
    }
    return chosen;
  }

  draw() {
    if (!this.section.open) return;
    this.shown = this.pairs();
    const column = this.column(), n = this.shown.length, { pen, width } = fresh(this.canvas, 1), step = width / n;
    this.S = this.shown.map((q) => {
      const scores = column.scores(q.question);
      return this.shown.map((other) => scores[other.gold]);
    });
    this.S.forEach((row, i) => {
      const low = Math.min(...row), high = Math.max(...row);
      row.forEach((score, j) => {
        pen.globalAlpha = high > low ? 0.04 + 0.96 * ((score - low) / (high - low)) ** 2 : 0.04;
        pen.fillStyle = colour("--accent");
        pen.fillRect(j * step, i * step, step - 1, step - 1);
      });
    });
    pen.globalAlpha = 1;
    pen.lineWidth = 2;
    pen.strokeStyle = colour("--gold");
    for (let i = 0; i < n; i++) pen.strokeRect(i * step + 1, i * step + 1, step - 3, step - 3);
    pen.lineWidth = 3;
    pen.strokeStyle = colour("--ink");
    const [i, j] = this.at;
    pen.strokeRect(j * step, i * step, step - 1, step - 1);
    this.tell();
  }

  tell() {
    const [i, j] = this.at, asked = this.shown[i], other = this.shown[j];
    if (!asked || !other) return;
    const row = this.S[i], rank = 1 + row.filter((s) => s > row[j]).length;
    this.told.textContent = `“${asked.question}” and the passage “${this.room.passages[other.gold].title}”` +
      `${i === j ? ", its gold" : ""}: score ${row[j].toFixed(1)}, number ${rank} of ${row.length} in its row`;
  }

  go(i, j) {
    const n = this.shown.length;
    this.at = [Math.max(0, Math.min(n - 1, i)), Math.max(0, Math.min(n - 1, j))];
    this.draw();
  }

  point(event) {
    const box = this.canvas.getBoundingClientRect(), n = this.shown.length;
    const i = Math.floor(((event.clientY - box.top) / box.height) * n), j = Math.floor(((event.clientX - box.left) / box.width) * n);
    if (i !== this.at[0] || j !== this.at[1]) this.go(i, j);
  }

  key(event) {
    const move = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!move) return;
    event.preventDefault();
    this.go(this.at[0] + move[0], this.at[1] + move[1]);
  }
}

class VectorMap {
  constructor(section, room) {
    Object.assign(this, { section, room, question: "", known: null, chosen: 0 });
    this.canvas = section.querySelector("canvas");
    this.told = section.querySelector("#place");
    const dense = room.columns.filter((c) => c.dense);
    section.hidden = dense.length === 0;
    this.column = chooser(section, dense, () => this.draw());
    this.canvas.onpointermove = this.canvas.onpointerdown = (e) => this.point(e);
    this.canvas.onkeydown = (e) => this.key(e);
    section.ontoggle = () => this.draw();
  }

  ask(question, known) {
    Object.assign(this, { question, known, chosen: 0 });
    this.draw();
  }

  // Returns the position of a vector on the two axes. get(j) returns component j of the vector.
  project({ axes, centre }, get) {
    return axes.map((axis) => axis.reduce((sum, a, j) => sum + a * (get(j) - centre[j]), 0));
  }

  draw() {
    if (!this.section.open || this.section.hidden) return;
    const column = this.column(), { pen, width, height } = fresh(this.canvas, 0.8), d = column.encoder.dim;
    const { q, s, mean } = column.vectors;
    column.places ||= [...s].map((scale, i) => this.project(column.map, (j) => q[i * d + j] * scale + mean[j]));
    const X = this.question.trim() ? column.vector(this.question) : null;
    const here = X ? this.project(column.map, (j) => X[j]) : null;
    const all = [...column.places, ...(here ? [here] : []), ...column.map.questions];
    const range = [0, 1].map((k) => [Math.min(...all.map((p) => p[k])), Math.max(...all.map((p) => p[k]))]);
    const to = (p) => [0, 1].map((k) => 12 + ((p[k] - range[k][0]) / (range[k][1] - range[k][0] || 1)) * ((k ? height : width) - 24));
    this.dots = column.places.map(to);
    this.hits = X ? best(column.scoresOf(X), 5) : [];
    const dot = ([x, y], size, fill) => {
      pen.beginPath();
      pen.arc(x, y, size, 0, 7);
      pen.fillStyle = fill;
      pen.fill();
    };
    pen.globalAlpha = 0.45;
    this.dots.forEach((p) => dot(p, 2, colour("--soft")));
    pen.strokeStyle = colour("--accent");
    column.map.questions.map(to).forEach(([x, y]) => {
      pen.beginPath();
      pen.arc(x, y, 2.5, 0, 7);
      pen.stroke();
    });
    pen.globalAlpha = 1;
    this.hits.forEach(({ number }, i) => {
      dot(this.dots[number], 9, colour(this.known && this.known.gold === number ? "--gold" : "--accent"));
      pen.fillStyle = colour("--paper");
      pen.font = "bold 12px sans-serif";
      pen.textAlign = "center";
      pen.fillText(`${i + 1}`, this.dots[number][0], this.dots[number][1] + 4);
    });
    if (here) {
      const [x, y] = to(here);
      pen.lineWidth = 3;
      pen.strokeStyle = colour("--ink");
      pen.beginPath();
      pen.moveTo(x - 8, y - 8), pen.lineTo(x + 8, y + 8), pen.moveTo(x - 8, y + 8), pen.lineTo(x + 8, y - 8);
      pen.stroke();
    }
    this.tell(this.hits.length ? this.hits[this.chosen].number : null);
  }

  tell(number) {
    const place = this.hits.findIndex((h) => h.number === number);
    const told = number === null ? "Type a question to see it on the map." : this.room.passages[number].title;
    this.told.textContent = place < 0 ? told : `${place + 1}. ${told}: score ${this.hits[place].score.toFixed(1)}`;
  }

  point(event) {
    const box = this.canvas.getBoundingClientRect(), x = event.clientX - box.left, y = event.clientY - box.top;
    const far = this.dots.map((p) => (p[0] - x) ** 2 + (p[1] - y) ** 2);
    this.tell(far.indexOf(Math.min(...far)));
  }

  key(event) {
    const move = { ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1 }[event.key];
    if (!move || !this.hits.length) return;
    event.preventDefault();
    this.chosen = (this.chosen + move + this.hits.length) % this.hits.length;
    this.tell(this.hits[this.chosen].number);
  }
}
