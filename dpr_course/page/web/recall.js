// Recall@k of every column on the known questions, computed in small pieces so that the page stays responsive.

const K_VALUES = [1, 5, 20, 100];

class Recall {
  constructor(section, room) {
    Object.assign(this, { section, room, number: 0 });
    this.button = section.querySelector("button");
    this.bar = section.querySelector("progress");
    this.asked = section.querySelector("#asked");
    this.known = room.questions.filter((q) => q.gold !== null);
    section.hidden = this.known.length === 0;
    this.button.onclick = () => (this.running ? this.stop() : this.run());
    this.draw(0, room.columns.map(() => K_VALUES.map(() => 0)));
  }

  stop() {
    this.running = false;
  }

  // Asks all known questions; resolves to {label: {k: percent}}, or to null if it was stopped.
  async run() {
    this.running = true;
    this.button.textContent = "Stop";
    this.bar.hidden = false;
    const found = this.room.columns.map(() => K_VALUES.map(() => 0));
    let done = 0;
    while (done < this.known.length && this.running) {
      const end = performance.now() + 50;
      for (; done < this.known.length && performance.now() < end; done++) {
        const { question, gold } = this.known[done];
        this.room.columns.forEach((column, c) => {
          const rank = rankOf(column.scores(question), gold);
          K_VALUES.forEach((k, i) => (found[c][i] += rank <= k));
        });
      }
      this.draw(done, found);
      await new Promise((next) => setTimeout(next));
    }
    const whole = this.running;
    this.running = false;
    this.button.textContent = "Compute Recall@k";
    return whole ? Object.fromEntries(this.room.columns.map((c, i) => [c.label,
      Object.fromEntries(K_VALUES.map((k, j) => [k, (100 * found[i][j]) / done]))])) : null;
  }

  draw(done, found) {
    this.bar.value = done / Math.max(1, this.known.length);
    this.asked.textContent = done ? `${done} of ${this.known.length} questions` : "";
    const head = make("tr", {}, make("th", { scope: "col" }, "retriever"), ...K_VALUES.map((k) => make("th", { scope: "col" }, `R@${k}`)));
    const rows = this.room.columns.map((column, c) => make("tr", {}, make("th", { scope: "row" }, column.label),
      ...found[c].map((n) => make("td", {}, done ? ((100 * n) / done).toFixed(1) : "–"))));
    this.section.querySelector("thead").replaceChildren(head);
    this.section.querySelector("tbody").replaceChildren(...rows);
  }
}
