"""The statements in the prose of stage 07 about the outputs of its cells."""

import re

from claims import Claim, numbers, row

FLAT, GRAPH = "flat (exact)", "HNSW, ef_search 64"


def panel(out, system, unit):
    """Return one measurement of one kind of index from the printed output: four numbers, for four sizes of the index.

    system: the kind of index, such as "flat (exact)". unit: a text such as "ms" that only the line of the wanted measurement contains.
    """
    [line] = [x for x in out.splitlines() if x.startswith(system + " ") and unit in x]
    return numbers(line.removeprefix(system))[:4]


def slower(out, system):
    """Return the time per question in the largest index of the kind `system`, divided by the time in the smallest one."""
    ms = panel(out, system, "ms")
    return ms[-1] / ms[0]


def megabytes(out, system):
    """Return the size of the largest index in MB, from the picture's alt text."""
    return numbers(re.search(re.escape(system) + r": [^;]*?([\d,]+ MB)", out)[1])[0]


CLAIMS = [
    Claim(
        "Only question 0 came with a hard negative. The converter reports this, and gives the others the gold passage of another question.",
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
        "Now we ask FAISS itself for more passages than there are.",
        "toy_index.faiss.search",
        lambda out: out.count("-1") >= 3 and "Europa" in out,
    ),
    Claim("Row **-1** means *nothing found*", "toy_index.faiss.search", lambda out: "-1 -1]" in out),
    Claim(
        "`PassageIndex.search` never returns it.", "toy_index = PassageIndex.build", lambda out: not re.search(r"(?<!\w)-1\b", out)
    ),
    Claim(
        "Flat search reads every vector, so each further vector costs time; the graph slows down far less.",
        "growth(measured",
        lambda out: slower(out, FLAT) > 5 and slower(out, GRAPH) < slower(out, FLAT) / 2,
    ),
    Claim(
        "it misses passages (the more vectors, the more it misses), it needs memory for its links, and it takes time to build.",
        "growth(measured",
        lambda out: (
            panel(out, GRAPH, "% found")[-1] < panel(out, GRAPH, "% found")[0]
            and megabytes(out, GRAPH) > megabytes(out, FLAT)
            and row(out, "seconds to build")[-1] > row(out, "seconds to build")[0]
        ),
    ),
    Claim(
        "Below a few thousand vectors exact search is as fast, so use it.",
        "growth(measured",
        lambda out: panel(out, FLAT, "ms")[0] < 2 * panel(out, GRAPH, "ms")[0],
    ),
    Claim(
        "So the file stores the fingerprint of its encoder, and loading refuses any other.",
        "index.save(",
        lambda out: "passages loaded" in out and "fingerprint" in out,
    ),
    Claim(
        "Each question gets a passage, with a score much like that of the good question.",
        ("question = ", "others = ["),
        lambda out, others: (
            len(others.splitlines()) == 3 and all(numbers(line)[0] > 0.9 * numbers(out)[0] for line in others.splitlines())
        ),
    ),
    Claim(
        "The graph misses a certain share of the ten passages that exact search finds, but R@10 falls by less than that share.",
        "ef_search = 4",
        lambda out: 100 - numbers(out.split("ef_search 4:")[1])[0] > row(out, "R@10")[1] - row(out, "R@10")[0],
    ),
]


NOT_ABOUT_AN_OUTPUT = [
    "Each of the three questions has a positive in slot 0 and a hard negative in slot 1.",
    "For a (title, text) pair BERT itself uses 0 and 1, but DPR was trained with zeros, and its checkpoints perform worse with anything else.",
    "An encoder reads one passage per row, so the (B, 2, L) tensors are flattened to (2B, L), sample by sample:",
    "The command `dpr-course train` reads the same file as this notebook.",
    "A positive passage can choose among *questions* too, with the same scores:",
    "Cerebras calls this loss mutual information, and sets $f = 1/(1 + C)$ with C passages per question: here 1/3.",
    "Both runs have the same seed, batches and steps; only `f` differs.",
    "`Retriever` is the packaged form of your dual encoder: it computes the same vectors, and it can be saved.",
    "We train for two epochs to save time; the YAML file gives the number of epochs of a full run.",
    "The first softmax compares passages *within* a question: adding the same number to all scores of a question does not change the loss.",
    "Here it holds the toy's four passages.",
    "At least four published systems use this -1 as a position in their list of passages.",
    "**HNSW** is a graph in which each passage is linked to 32 near ones.",
    "The search follows the links towards higher scores and keeps the `ef_search` best candidates.",
    "Of 50,000 passages it visits about 2,500 with `ef_search` 64, and it can miss a good one.",
    "The next cells measure how recall and time change as the index grows.",
    "Like real passages, they come in topics of about 20 vectors that lie near each other.",
    "The sizes here go up to 50,000 vectors.",
    "With the environment variable `DPR_FULL=1` the sizes go up to a million, which takes some minutes and 2 GB of memory.",
    "The next cell asks the same question misspelt, then in German, and then a question that no passage answers.",
    "<details><summary>An answer</summary>The gold passage is only one of the ten, and it is most often near the top of the ranking.",
    "The search in the graph finds the passages near the top most reliably.",
    "The missed passages matter where all ten are used: in a reader that reads them all, in a search for duplicates, or in mining hard negatives.</details>",
]
