"""Top-k accuracy of a run: by passage, by title and by answer, side by side.

For each question the rank of the first right passage is found; accuracy@k is the share of *all* questions where it is
at most k. What counts as right differs between systems, and so do the numbers:

    id       the passage is the gold passage
    title    it has the gold passage's title: another passage of the same article also counts
    answer   it holds one of the answers, see `dpr_course.text`; the title is not searched (Karpukhin et al. 2020)
    regex    an answer, taken as a regular expression, is found in it (CuratedTREC)
"""

from dpr_course.data import DataError
from dpr_course.results import K_VALUES
from dpr_course.text import TOO_SLOW, compiled, has_answer, matches_regex

RIGHT = {
    "id": lambda sample, p: p["id"] == sample["gold_context"]["id"],
    "title": lambda sample, p: p["title"] == sample["gold_context"]["title"],
    "answer": lambda sample, p: has_answer(p["text"], sample["answers"]),
    "regex": lambda sample, p: matches_regex(p["text"], sample["answers"]),
}


def first_right(run, samples, passages, by):
    """For each sample the rank, from 1, of its first right passage in `run`; None where there is none.

    run: {qid: [(docid, score), ...]}, best first. by: a key of RIGHT. A sample that the run does not have counts as not found.
    Raises DataError for questions and passages of the run that are in neither list.
    """
    by_id, right, ranks = {p["id"]: p for p in passages}, RIGHT[by], []
    if unknown := run.keys() - {s["id"] for s in samples}:
        raise DataError(f"the run has question {min(unknown)!r}, which is not among the {len(samples)} questions")
    for s in samples:
        rank = None
        for place, (doc, _) in enumerate(run.get(s["id"], []), 1):
            if doc not in by_id:
                raise DataError(
                    f"question {s['id']!r}: the run has passage {doc!r}, which is not among the {len(passages)} passages"
                )
            if right(s, by_id[doc]):
                rank = place
                break
        ranks.append(rank)
    return ranks


def accuracy(ranks, k_values=K_VALUES):
    """{k: percent of the questions whose first right passage is among the first k}."""
    if not ranks:
        raise DataError("there are no questions to evaluate")
    return {k: 100 * sum(rank is not None and rank <= k for rank in ranks) / len(ranks) for k in k_values}


def criteria(samples, regex=False):
    """The keys of RIGHT that can be used on these samples: golds and answers are not in every file. DataError if none can."""
    gold = ["id", "title"] if all("gold_context" in s for s in samples) else []
    answers = ["answer", *(["regex"] if regex else [])] if any(s["answers"] for s in samples) else []
    if not gold and not answers:
        raise DataError("the questions have no answers, and not each has a gold passage: nothing can be counted as right")
    return [*gold, *answers]


def differing(ranks_by, k):
    """Positions of the samples that one criterion counts as found among the first k and another does not.

    ranks_by: {criterion: ranks}, as from `first_right`.
    """
    found = [[rank is not None and rank <= k for rank in ranks] for ranks in ranks_by.values()]
    return [i for i, row in enumerate(zip(*found)) if len(set(row)) > 1]


def broken_patterns(samples):
    """The answers that are no regular expressions, or search for ever, as (id of the sample, answer, what is wrong with it)."""
    wrong = {"is not a regular expression": lambda a: compiled(a) is None, "takes too long to search for": TOO_SLOW.__contains__}
    return [(s["id"], a, why) for s in samples for a in s["answers"] for why, is_wrong in wrong.items() if is_wrong(a)]
