// The page itself: it reads the question, asks every column, and shows the passages that they found.

const FIRST_QUESTION = "who discovered penicillin";

// Returns the Room with everything that is packed in this file.
async function openRoom() {
  const read = (id) => {
    const element = document.getElementById(id);
    return unpack(element.textContent, Number(element.dataset.size));
  };
  const [buffer, about] = await Promise.all([read("weights"), read("about")]);
  return new Room(buffer, JSON.parse(new TextDecoder().decode(about)));
}

class Page {
  constructor(room) {
    this.room = room;
    this.byText = new Map(room.questions.map((q) => [q.question, q]));
    const get = (id) => document.getElementById(id);
    Object.assign(this, { input: get("question"), known: get("known"), status: get("status"), told: get("answer"), why: get("why") });
    get("count").textContent = room.passages.length.toLocaleString("en");
    this.articles = room.columns.map((column) => make("article", { label: column.label }));
    get("columns").replaceChildren(...this.articles);
    this.known.append(...room.questions.map((q, i) => make("option", { value: String(i) }, q.question)));
    this.recall = new Recall(get("recall"), room);
    this.matrix = new Matrix(get("matrix"), room);
    this.map = new VectorMap(get("map"), room);
    this.matrix.section.hidden = room.questions.every((q) => q.gold === null);
    for (const element of document.querySelectorAll("#ask :disabled")) element.disabled = false;
    if (!room.questions.length) document.querySelector(".known").hidden = true;
    get("ask").onsubmit = (e) => e.preventDefault();
    this.input.oninput = () => this.soon();
    this.known.onchange = () => this.known.value && this.put(room.questions[Number(this.known.value)].question);
    get("any").onclick = () => this.put(room.questions[Math.floor(Math.random() * room.questions.length)].question);
    get("disagree").onclick = () => this.disagree();
    this.why.ontoggle = () => this.reasons();
    window.addEventListener("resize", () => (this.matrix.draw(), this.map.draw()));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => (this.matrix.draw(), this.map.draw()));
  }

  put(question) {
    this.input.value = question;
    this.ask();
  }

  // Answers after the pending events: letters typed during an answer are answered together.
  soon() {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.ask());
  }

  ask() {
    const question = this.input.value, known = this.byText.get(question.trim()) || null, begun = performance.now();
    this.told.hidden = !(known && known.answers.length);
    this.told.textContent = known ? `Answer: ${known.answers.join(" · ")}` : "";
    this.known.value = known ? String(this.room.questions.indexOf(known)) : "";
    if (question.trim()) {
      this.room.columns.forEach((column, i) => drawColumn(this.articles[i], column, column.scores(question), this.room, known));
      this.tell(`${this.room.columns.length} retrievers answered in ${(performance.now() - begun).toFixed(0)} ms.`);
    } else {
      this.room.columns.forEach((column, i) => this.articles[i].replaceChildren(make("h2", {}, column.label), make("p", { className: "note" }, column.note)));
      this.tell("Type a question, or choose a known one.");
    }
    this.reasons();
    if (known && this.matrix.start !== this.room.questions.indexOf(known)) this.matrix.from(this.room.questions.indexOf(known));
    this.map.ask(question, known);
  }

  // Shows a message after a pause in the typing. Otherwise a screen reader would read a message for every letter.
  tell(text) {
    clearTimeout(this.telling);
    this.telling = setTimeout(() => (this.status.textContent = text), 300);
  }

  reasons() {
    if (this.why.open) drawReasons(document.getElementById("reasons"), this.room, this.input.value);
  }

  // Asks a known question for which some columns rank the gold passage first and others do not. The search starts at random.
  disagree() {
    const { questions, columns } = this.room, start = Math.floor(Math.random() * questions.length);
    for (let i = 0; i < Math.min(questions.length, 200); i++) {
      const q = questions[(start + i) % questions.length];
      if (q.gold === null) continue;
      const right = columns.map((column) => best(column.scores(q.question), 1)[0].number === q.gold);
      if (new Set(right).size > 1) return this.put(q.question);
    }
    this.tell("They agree on all of the 200 questions that were tried.");
  }
}

async function start() {
  try {
    const page = new Page(await openRoom());
    window.retrievers = page;
    page.put(FIRST_QUESTION);
    page.input.focus({ preventScroll: true });
    page.input.select();
    page.ready = performance.now(); // in milliseconds after the page was opened
  } catch (error) {
    const old = typeof DecompressionStream === "undefined";
    document.getElementById("status").textContent = old
      ? "This browser is too old for the page: use Chrome 80, Edge 80, Firefox 113, Safari 16.4, or a later one."
      : `The page cannot be unpacked: the file was damaged on its way here (${error.message}).`;
  }
}

if (typeof document !== "undefined") start();
