// Draws the columns of answers and the panel "Why these passages?". Text from data becomes text nodes only, never HTML.

// Returns a new element, as in make("li", { className: "gold" }, "text", otherElement).
function make(tag, properties = {}, ...children) {
  const { role, label, ...rest } = properties;
  const element = Object.assign(document.createElement(tag), rest);
  if (role) element.setAttribute("role", role);
  if (label) element.setAttribute("aria-label", label);
  element.append(...children); // strings become text nodes
  return element;
}

// Returns a passage's text as a list of nodes, with each occurrence of an answer in a <mark>.
function marked(text, answers) {
  const parts = [];
  let at = 0;
  for (const [start, end] of answerPlaces(text, answers)) {
    parts.push(text.slice(at, start), make("mark", {}, text.slice(start, end)));
    at = end;
  }
  return [...parts, text.slice(at)];
}

// Returns the same as `marked`, but without the beginning of the text if the first answer would be below the third line.
function shownText(passage, answers) {
  const first = answerPlaces(passage.text, answers)[0];
  if (!first || first[0] < 110) return marked(passage.text, answers);
  const start = passage.text.lastIndexOf(" ", first[0] - 60) + 1;
  return ["… ", ...marked(passage.text.slice(start), answers)];
}

function hitItem(hit, place, passage, known) {
  const answers = known ? known.answers : [];
  const gold = known && known.gold === hit.number;
  const text = make("p", { className: "text" }, ...shownText(passage, answers));
  const more = make("button", { type: "button", className: "more", label: `whole text of ${passage.title}` }, "whole text");
  more.setAttribute("aria-expanded", "false");
  more.onclick = () => {
    const open = text.classList.toggle("open");
    text.replaceChildren(...(open ? marked(passage.text, answers) : shownText(passage, answers)));
    more.textContent = open ? "less" : "whole text";
    more.setAttribute("aria-expanded", String(open));
  };
  const head = make("div", { className: "head" }, make("span", { className: "rank" }, `${place}.`), make("strong", {}, passage.title));
  if (gold) head.append(make("span", { className: "badge" }, "gold"));
  head.append(make("span", { className: "score", title: "score" }, hit.score.toFixed(1)));
  return make("li", { className: gold ? "gold" : "" }, head, text, more);
}

// Draws one column: its name, what it is, the rank of the gold passage, and the five best passages.
function drawColumn(article, column, scores, room, known) {
  const hits = best(scores, 5);
  const told = known && known.gold !== null ? `gold passage at rank ${rankOf(scores, known.gold)}` : "";
  const list = make("ol", { label: `best passages by ${column.label}` });
  if (column.dense || hits[0].score > 0) {
    list.append(...hits.map((hit, i) => hitItem(hit, i + 1, room.passages[hit.number], known)));
  } else list.append(make("li", {}, "No passage holds a word of this question."));
  article.replaceChildren(make("h2", {}, column.label), make("p", { className: "note" }, [column.note, told].filter(Boolean).join(" · ")), list);
}

function tokenList(tokenizer, question) {
  const items = tokenizer.encode(question).map((id) => make("li", {
    className: id === tokenizer.unknown ? "unknown" : "", title: `token id ${id}` }, tokenizer.vocab[id]));
  return make("ul", { className: "tokens" }, ...items);
}

function wordTable(bm25, question) {
  const rows = bm25.explain(question).map(({ word, term, stop, held, weight }) => {
    const told = stop ? "no, a stop word" : held ? "yes" : "no, it stands in no passage";
    return make("tr", {}, make("td", {}, word), make("td", {}, stop ? "" : term), make("td", {}, told), make("td", {}, stop ? "" : `${held}`),
      make("td", {}, stop || !held ? "" : weight.toFixed(2)));
  });
  const names = ["word", "its stem", "counted", "passages that hold it", "weight"];
  return make("div", { className: "wide" }, make("table", { className: "words" }, make("thead", {}, make("tr", {}, ...names.map((n) => make("th", { scope: "col" }, n)))),
    make("tbody", {}, ...rows)));
}

// Draws the panel: the tokens that the encoders read, and the words that BM25 counted.
function drawReasons(place, room, question) {
  const parts = [];
  room.tokenizers.forEach((tokenizer, i) => {
    const names = room.columns.filter((c) => c.tokenizer === tokenizer).map((c) => c.label).join(", ");
    const count = tokenizer.encode(question).length;
    parts.push(make("h3", {}, `${count} tokens, as read by ${names}`), tokenList(tokenizer, question));
  });
  parts.push(make("h3", {}, "Words, as counted by BM25"), wordTable(room.bm25, question));
  place.replaceChildren(...parts);
}
