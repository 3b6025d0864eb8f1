"""What the prose of stage 07 claims about its outputs."""

import re

from claims import Claim, numbers, row

FLAT, GRAPH = "flat (exact)", "HNSW, ef_search 64"


def panel(out, system, unit):
    """One line of the printed measurements: a number for each size of the index."""
    [line] = [x for x in out.splitlines() if x.startswith(system + " ") and unit in x]
    return numbers(line.removeprefix(system))[:4]


def slower(out, system):
    """How many times as long a question takes in the largest index as in the smallest."""
    ms = panel(out, system, "ms")
    return ms[-1] / ms[0]


def megabytes(out, system):
    """The size of the largest index, from the picture's description."""
    return numbers(re.search(re.escape(system) + r": [^;]*?([\d,]+ MB)", out)[1])[0]


CLAIMS = [
    Claim(
        "Only question 0 brought a negative: the converter says so, and gives the others the gold passage of another question.",
        "features, report = make_features(toy_samples()",
        lambda out: "3 samples, 2 without a hard negative: these were given a random passage of another sample" in out,
    ),
    Claim(
        "Token types are **all zeros**.",
        "features, report = make_features(toy_samples()",
        lambda out: out.count("token_type_ids") == 2,
    ),
    Claim("Here each mistake is reported with its line:", "load_config(scratch", lambda out: out.count("line ") >= 3),
    Claim(
        "look at the last line.",
        "print(results_table(rows))",
        lambda out: (
            numbers(out.splitlines()[-1].replace("f = 0", "").replace("f = 1/3", ""))[1]
            > 1 + numbers(out.splitlines()[-1].replace("f = 0", "").replace("f = 1/3", ""))[0]
        ),
    ),
    Claim(
        "The usual recall, in the table, hardly moves.",
        "print(results_table(rows))",
        lambda out: all(abs(a - b) < 5 for a, b in zip(row(out, "f = 0"), row(out, "f = 1/3"))),
    ),
    Claim(
        "Ask FAISS itself for more passages than there are, and see what comes back behind the four:",
        "toy_index.faiss.search",
        lambda out: out.count("-1") >= 3 and "Europa" in out,
    ),
    Claim("Row **-1** means *nothing*", "toy_index.faiss.search", lambda out: "-1 -1]" in out),
    Claim(
        "`PassageIndex.search` never returns one.", "toy_index = PassageIndex.build", lambda out: not re.search(r"(?<!\w)-1\b", out)
    ),
    Claim(
        "Flat search takes time in proportion to the number of vectors; the graph slows down far less.",
        "growth(measured",
        lambda out: slower(out, FLAT) > 10 and slower(out, GRAPH) < slower(out, FLAT) / 2,
    ),
    Claim(
        "passages missed (the more vectors, the more), memory for its links, and time to build.",
        "growth(measured",
        lambda out: (
            panel(out, GRAPH, "% found")[-1] < panel(out, GRAPH, "% found")[0]
            and megabytes(out, GRAPH) > megabytes(out, FLAT)
            and row(out, "seconds to build")[-1] > row(out, "seconds to build")[0]
        ),
    ),
    Claim(
        "Below some thousands exact search is as fast: take it.",
        "growth(measured",
        lambda out: panel(out, FLAT, "ms")[0] < 2 * panel(out, GRAPH, "ms")[0],
    ),
    Claim(
        "Load it with a retrained encoder and every score is noise, without an error: so the file knows its encoder.",
        "index.save(",
        lambda out: "passages loaded" in out and "fingerprint" in out,
    ),
    Claim(
        "An answer comes every time, with scores much like those of the good question.",
        ("question = ", "others = ["),
        lambda out, others: (
            len(others.splitlines()) == 3 and all(numbers(line)[0] > 0.9 * numbers(out)[0] for line in others.splitlines())
        ),
    ),
    Claim(
        "Of exact search's ten passages the graph misses a larger share than it loses of R@10.",
        "ef_search = 4",
        lambda out: 100 - numbers(out.split("ef_search 4:")[1])[0] > row(out, "R@10")[1] - row(out, "R@10")[0],
    ),
]


NOT_ABOUT_AN_OUTPUT = [
    "Three questions, each with a positive in slot 0 and a hard negative in slot 1.",
    "BERT's own habit for a (title, text) pair is 0 and 1, but DPR was trained with zeros, and its checkpoints get worse with anything else.",
    "An encoder reads one passage per row, so the (B, 2, L) tensors are flattened to (2B, L), sample by sample:",
    "The command `dpr-course train` reads the same file as this notebook, except for the data and the encoder: here they come from your track.",
    "A positive passage can choose among *questions* too, with the same scores:",
    "Cerebras calls it mutual information, and sets $f = 1/(1 + C)$ with C passages per question: here 1/3.",
    "Same seed, batches and steps; only `f` differs.",
    "`Retriever` is the packaged form of your dual encoder: the same vectors, and it can be saved.",
    "Two epochs save time; the file says how many the full run has.",
    "The first softmax compares passages *within* a question, so a question may add the same number to all its scores, and the loss does not see it.",
    "Here it holds the toy's four passages.",
    "At least four published systems index their passages with it.",
    "**HNSW** is a graph: each passage is linked to 32 near ones.",
    "The search follows the links towards higher scores and keeps the `ef_search` best candidates.",
    "Of 50,000 passages it visits about 2,500 with `ef_search` 64, and it can miss a good one.",
    "This is how recall and time change as the index grows.",
    "The knowledge base is too small to tell, so these vectors are made: 64 components, in topics of 20 that lie near each other, as passages do.",
    "The sizes here go up to 50,000 vectors.",
    "With the environment variable `DPR_FULL=1` the sizes go up to a million, which takes some minutes and 2 GB of memory.",
    "The same misspelt, then in German, then a question that no passage answers.",
    "<details><summary>An answer</summary>The gold passage is one of the ten, and most often near the top, where the graph's walk ends.",
    "It matters where all ten are used: a reader that reads them all, a search for duplicates, or the mining of hard negatives.</details>",
]
