"""The statements in the prose of stage 08 about the outputs of its cells."""

import re

from claims import Claim, numbers, row

CACHE, RANKS, PROCESSES = "cached = gradient(model)", "losses = simulate(", 'load(folder / "gradient.pt")'


def cosines(out, way):
    """Return {size of a piece of the batch: cosine with the gradient of the whole batch}, from the picture's alt text.

    way: "gradient cache" or "gradient accumulation".
    """
    [told] = re.findall(way + r": ([^;]*)", out)
    return {int(n): float(v) for v, n in re.findall(r"([-\d.]+) for (\d+)", told)}


def accuracies(out):
    """Return the table that `dpr-course evaluate` prints, as {"by id", "by title" or "by answer": [accuracy at each k]}."""
    return {kind: row(out, kind) for kind in ("by id", "by title", "by answer")}


CLAIMS = [
    Claim("| memory of one device | gradient cache | the same gradient |", CACHE, lambda out: difference(out, "gradients") < 1e-4),
    Claim(
        "With dropout on, the next cell compares your function, on 32 questions in chunks of 8, with the same chunks when all graphs are kept.",
        CACHE,
        lambda out: abs(row(out, "loss")[0] - numbers(out.split(" and ")[1])[0]) < 1e-4,
    ),
    Claim(
        "| one device | negatives across devices | the same loss, the same gradient |",
        RANKS,
        lambda out: difference(out, "against one process") < 1e-4,
    ),
    Claim(
        "The next cell runs your loss on four simulated ranks, each with its own dropout, and compares it with one process that has the same 32 vectors.",
        RANKS,
        lambda out: abs(row(out, "loss on each rank / W")[0] - numbers(out.split("one process:")[1])[0]) < 1e-4,
    ),
    Claim(
        "Now `torchrun` starts the same function in two processes.",
        ("run_program(program, folder", PROCESSES),
        lambda ranks, one: (
            len(re.findall(r"rank \d of 2", ranks)) == 2
            and all(abs(float(loss) - numbers(one)[0]) < 1e-4 for loss in re.findall(r"loss ([\d.]+)", ranks))
            and difference(one, "gradients") < 1e-3
        ),
    ),
    Claim(
        "`RandomState` remembers the state of the random generators.",
        "state = RandomState()",
        lambda out: out.split("the same again")[0].split(")")[0] == out.split("\n")[1].split(")")[0],
    ),
    Claim(
        "But each batch has only **its own** passages as negatives: in a piece of 4, a question has 3, not 31.",
        "agreement(cosines",
        lambda out: (
            min(cosines(out, "gradient cache").values()) > 0.99
            and max(cosines(out, "gradient accumulation").values()) < 0.99
            and cosines(out, "gradient accumulation")[2] < cosines(out, "gradient accumulation")[16]
        ),
    ),
    Claim("The vectors themselves are small.", "memory_curves(peaks", lambda out: numbers(out.split("takes")[1])[0] < 8),
    Claim(
        "| one index | encode, search and reduce in shards | the same passages, ties included |",
        "flat_scores, places",
        lambda out: out.count("all the same") == 2,
    ),
    Claim(
        "The next cell compares your merge of the same four files with one search in all passages.",
        "flat_scores, places",
        lambda out: "NOT" not in out,
    ),
    Claim(
        "Tevatron needs nine commands for this pipeline; five are enough here. These five train in two processes with gradient cache, and encode and search the passages in four shards.",
        ('command("train run.yaml', 'command("encode model', 'command("evaluate'),
        lambda *outs: sum(out.count("$ dpr-course ") for out in outs) == 5,
    ),
    Claim(
        "Counted by **id**, only the gold passage is right; by **title**, any passage of its article is",
        'command("evaluate',
        lambda out: all(a <= b for a, b in zip(accuracies(out)["by id"], accuracies(out)["by title"])),
    ),
    Claim(
        "On the same run, your function gives the same numbers as the last line of the table.",
        ('command("evaluate', "answer_accuracy(run, val"),
        lambda table, own: all(abs(a - b) < 0.06 for a, b in zip(accuracies(table)["by answer"], re_values(own))),
    ),
]


def difference(out, what):
    """Return the relative difference, such as 1.2e-06, at the end of the one printed line that contains `what`."""
    [line] = [x for x in out.splitlines() if what in x and re.search(r"e[-+]\d\d$", x)]
    return float(line.split()[-1])


def re_values(printed):
    """Return the values of a printed dict, in order."""
    return [float(v) for v in re.findall(r": ([\d.]+)", printed)]


NOT_ABOUT_AN_OUTPUT = [
    "More negatives make a better retriever, but a batch must fit into memory, and an index must fit on one machine.",
    "You will rebuild their methods: gradient cache, negatives across devices, and a search in shards whose result is *equal* to that of a search in the whole corpus.",
    "Here is the toy in chunks of two.",
    "2. Compute the loss of the whole batch from the vectors, and run `backward` down to the vectors.",
    "A chunk's second encoding must drop the same numbers as the first, or the cached gradient is that of different vectors.",
    "Dropout is off here, so nothing else differs.",
    "To save time, texts have 8 tokens.",
    "The score matrix of 4,096 questions is large, so `loss_in_blocks` computes it 256 rows at a time.",
    "`dpr-course train --nproc 2` works in the same way.",
    "Tevatron ties both encoders by default, which halves the parameters and the optimiser's memory.",
    "The picture shows the course's recorded runs, with the same recipe and the same number of steps.",
    "The vectors of DPR's 21 million passages, with 768 numbers each, take 65 GB.",
    "Each shard is searched separately and returns its k best passages.",
    "The k best of *all* are among them: any other passage has k better ones in its own shard.",
    "Tevatron's example takes 100 passages from each shard.",
    "Only the vectors are kept.",
    "Small batches take many steps for the same work, each with a gradient that is noisy but points in nearly the right direction.",
    "And the larger the batch, the more passages in it answer a question without being its gold passage: there are more false negatives.</details>",
]
