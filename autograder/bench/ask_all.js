// Asks a page many questions and reports what each column found. In a browser this script is added to the page. In Node, run
// node ask_all.js PAGE.html QUESTIONS.json [LABEL...]

// Returns { columns, ms, each }. columns: { label: { ids, first, vectors } } with the token ids, the number of the first passage,
// and the vectors of the first 50 questions. ms: the milliseconds of each question in all columns together. each: the same by
// label. If labels are given, only these columns are asked.
function askAll(room, questions, labels) {
  const told = { columns: {}, ms: [], each: {} };
  const columns = room.columns.filter((c) => !labels || labels.includes(c.label));
  for (const column of columns) {
    told.columns[column.label] = { ids: [], first: [], vectors: [] };
    told.each[column.label] = [];
  }
  for (const question of questions) {
    const begun = performance.now();
    for (const column of columns) {
      const found = told.columns[column.label], before = performance.now();
      found.first.push(best(column.scores(question), 5)[0].number);
      told.each[column.label].push(performance.now() - before);
    }
    told.ms.push(performance.now() - begun);
  }
  for (const column of columns.filter((c) => c.dense)) {
    const found = told.columns[column.label];
    found.ids = questions.map((q) => column.tokenizer.encode(q));
    found.vectors = questions.slice(0, 50).map((q) => [...column.vector(q)]);
  }
  return told;
}

if (typeof document === "undefined") {
  const fs = require("fs"), vm = require("vm");
  const page = fs.readFileSync(process.argv[2], "utf8");
  const [, program] = /<script id="program">\n([^]*?)<\/script>/.exec(page);
  const read = (id) => {
    const [, size, text] = new RegExp(`<script id="${id}"[^>]*data-size="(\\d+)">([^<]*)<`).exec(page);
    return { textContent: text, dataset: { size } };
  };
  globalThis.require = undefined;
  const run = async () => {
    const begun = performance.now();
    vm.runInThisContext(`${program}\n${askAll}\nglobalThis.page = { openRoom, askAll };`);
    globalThis.document = { getElementById: read };
    const room = await globalThis.page.openRoom();
    const ready = performance.now() - begun;
    const labels = process.argv.length > 4 ? process.argv.slice(4) : null;
    const told = globalThis.page.askAll(room, JSON.parse(fs.readFileSync(process.argv[3], "utf8")), labels);
    console.log(JSON.stringify({ ...told, ready }));
  };
  run();
}
