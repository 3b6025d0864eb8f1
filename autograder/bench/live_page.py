"""Measures the live page in Chromium and in Node: size, speed, and agreement with torch. `python -m autograder bench-page`.

The live page is the HTML file that `dpr-course page` writes. Each of its columns shows what one retriever finds. All 1,000
validation questions are asked in Chromium and in Node. The time of a question is that of all columns together, in milliseconds on
one thread. The median leaves out the first hundred questions.
"""

import contextlib
import json
import queue
import shutil
import statistics
import subprocess
import tempfile
import threading
import time
from pathlib import Path

import numpy as np

from autograder.places import HOUSE
from dpr_course.data import load_toy_nq
from dpr_course.page.export import make_page
from dpr_course.page.models import load
from dpr_course.page.quantise import quantise_vectors, restore

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ASK_ALL = HOUSE / "bench" / "ask_all.js"
WARM, SECONDS, CHUNK = 100, 300, 20_000
K_VALUES = (1, 5, 20)


def in_node(page, questions, folder):
    """Ask the page all `questions` in Node. Return the dict that ask_all.js reports, or None if Node is not installed.

    columns  {name of a column: dict of what its retriever found, such as "first", the number of the first passage per question}
    ms       list with the milliseconds of each question, for all columns together
    each     {name of a column: list with the milliseconds of each question}
    ready    milliseconds until the page was ready
    """
    if shutil.which("node") is None:
        return None
    path = folder / "questions.json"
    path.write_text(json.dumps(questions), encoding="utf-8")
    done = subprocess.run(
        ["node", str(ASK_ALL), str(page), str(path)], capture_output=True, text=True, encoding="utf-8", check=True
    )
    return json.loads(done.stdout)


def in_chromium(page, questions, folder):
    """Ask the page all `questions` in Chromium, which opens the page from the disk. Return a dict as `in_node` does.

    Return None if Chromium is not installed or does not answer.
    """
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        return None
    script = f"""{ASK_ALL.read_text(encoding="utf-8")}
(async () => {{
  while (!(window.retrievers && retrievers.ready)) await new Promise((next) => setTimeout(next, 10));
  const told = JSON.stringify({{ ...askAll(retrievers.room, {json.dumps(questions)}), ready: retrievers.ready }});
  for (let i = 0; i < told.length; i += {CHUNK}) console.log("PART " + encodeURIComponent(told.slice(i, i + {CHUNK})) + " END");
  console.log("PART END");
}})();"""
    copy = folder / "measured.html"
    text = page.read_text(encoding="utf-8").replace("</body>", "<script>" + script.replace("</", "<\\/") + "</script></body>")
    copy.write_text(text, encoding="utf-8", newline="\n")
    flags = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--no-first-run",
        "--enable-logging=stderr",
        f"--user-data-dir={folder / 'user'}",
    ]
    process = subprocess.Popen(
        [program, *flags, "--remote-debugging-port=0", copy.as_uri()],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, encoding="utf-8", errors="replace",
    )  # fmt: skip
    try:
        return read_parts(process.stderr)
    finally:
        process.kill()
        process.wait()


def read_parts(stream):
    """Return the JSON document, as Python objects, that the page logs in several parts to `stream`, Chromium's standard error.

    Return None if the document is not complete after SECONDS seconds.
    """
    from urllib.parse import unquote

    lines, parts, end = queue.Queue(), [], time.monotonic() + SECONDS
    threading.Thread(target=lambda: [lines.put(line) for line in stream], daemon=True).start()
    with contextlib.suppress(queue.Empty):
        while True:
            line = lines.get(timeout=max(0.1, end - time.monotonic()))
            if '"PART END"' in line:
                return json.loads("".join(parts))
            if '"PART ' in line:
                parts.append(unquote(line.split('"PART ', 1)[1].split(" END", 1)[0]))
    return None


def in_torch(retriever, samples, passages):
    """Return what torch computes for comparison with the page: (recall, token ids, best passages).

    recall         [{k: R@k in percent with float32 weights and vectors}, {k: R@k with int8 weights and vectors, as in the page}]
    token ids      one list per question
    best passages  one index into `passages` per question, computed with int8
    """
    from dpr_course.page.columns import rounded

    questions, numbers = [s["question"] for s in samples], {p["id"]: i for i, p in enumerate(passages)}
    gold = np.array([numbers[s["gold_context"]["id"]] for s in samples])[:, None]
    Y, small = retriever.encode_passages(passages).numpy(), rounded(retriever)
    exact = retriever.encode_questions(questions).numpy() @ Y.T
    int8 = small.encode_questions(questions).numpy() @ restore(*quantise_vectors(Y)).T
    recall = [
        {k: 100 * (np.argsort(-S, axis=1, kind="stable")[:, :k] == gold).any(axis=1).mean() for k in K_VALUES}
        for S in (exact, int8)
    ]
    ids = small.tokenizer(questions, truncation=True, max_length=small.max_length).input_ids
    return recall, ids, int8.argmax(axis=1).tolist()


def run_bench(model=None):
    """Make the live page of three retrievers (BM25, the untrained encoder and `model`), measure it and print the results.

    `model` is a folder, or the name of a model that the notebooks have kept. By default a model is trained now, as by
    `dpr-course train toy`.
    """
    _, samples, passages = load_toy_nq()
    questions = [s["question"] for s in samples]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        folder = Path(folder)
        if model is None:
            from dpr_course.cli import train_command

            model = str(folder / "trained")
            train_command("toy", model)
        page = folder / "ask.html"
        size = make_page([f"trained={model}"], page)
        alone = make_page(["bm25", f"trained={model}"], folder / "alone.html", only=True, tell=lambda line: None)
        (exact, int8), ids, first = in_torch(load(model), samples, passages)
        told = {"Chromium": in_chromium(page, questions, folder), "Node": in_node(page, questions, folder)}
    print(f"\nsize: {size / 1e6:.2f} MB with BM25, untrained and one trained encoder; {alone / 1e6:.2f} MB without untrained")
    for name, recall in (("float32", exact), ("int8", int8)):
        print(f"{name:<8}" + "".join(f"  R@{k} {recall[k]:5.1f}" for k in K_VALUES))
    for name, found in told.items():
        if found is None:
            print(f"{name}: not installed, or it does not start here")
            continue
        column = found["columns"]["trained"]
        same = [sum(a == b for a, b in zip(*pair)) for pair in ((column["ids"], ids), (column["first"], first))]
        each = ", ".join(f"{label} {statistics.median(ms[WARM:]):.1f}" for label, ms in found["each"].items())
        print(
            f"{name}: ready after {found['ready']:.0f} ms, a question {statistics.median(found['ms'][WARM:]):.1f} ms ({each}); "
            f"of {len(ids)} questions {same[0]} with torch's tokens, {same[1]} with its first passage"
        )
