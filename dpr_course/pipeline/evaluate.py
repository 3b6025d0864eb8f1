"""Top-k accuracy of a run (the search results of a system) by several criteria: passage id, title, answer, regular expression.

accuracy@k is the share of *all* questions with a right passage among the k best. Published numbers differ because they use
different criteria for a right passage:

    id       the passage is the gold passage
    title    the passage has the title of the gold passage, so other passages of the same article also count
    answer   the text contains one of the answers, see `dpr_course.text`; the title is not searched (Karpukhin et al. 2020)
    regex    the text matches one of the answers, read as a regular expression (CuratedTREC)
"""

from dpr_course.data import DataError
from dpr_course.pipeline.patterns import TOO_SLOW, compiled, matches_regex
from dpr_course.results import K_VALUES
from dpr_course.text import has_answer

RIGHT = {
    "id": lambda sample, p: p["id"] == sample["gold_context"]["id"],
    "title": lambda sample, p: p["title"] == sample["gold_context"]["title"],
    "answer": lambda sample, p: has_answer(p["text"], sample["answers"]),
    "regex": lambda sample, p: matches_regex(p["text"], sample["answers"]),
}


def first_right(run, samples, passages, by):
    """Return a list with one entry per sample: the rank of its first right passage, counted from 1, or None if it has none.

    run  {question id: [(passage id, score), ...]}, best first; a sample that is not in the run gets None
    by   what counts as right: "id", "title", "answer" or "regex", as the module's docstring explains

    Raises DataError if a question of the run is not in `samples`, or if a passage of the run is not in `passages`. Passages
    after a question's first right one are not looked at.
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
    """Return {k: percentage of `ranks` that are at most k}, the top-k accuracy.

    `ranks` is the list that `first_right` returns; an entry None counts as not found. Raises DataError if the list is empty.
    """
    if not ranks:
        raise DataError("there are no questions to evaluate")
    return {k: 100 * sum(rank is not None and rank <= k for rank in ranks) / len(ranks) for k in k_values}


def criteria(samples, regex=False):
    """Return those of the criteria "id", "title", "answer" and "regex" that can be applied to these samples, as a list.

    "id" and "title" need a gold passage in every sample. "answer" and "regex" need an answer in at least one sample, and
    "regex" is applied only if the argument `regex` is true. Raises DataError if no criterion can be applied.
    """
    gold = ["id", "title"] if all("gold_context" in s for s in samples) else []
    answers = ["answer", *(["regex"] if regex else [])] if any(s["answers"] for s in samples) else []
    if not gold and not answers:
        raise DataError("the questions have no answers, and some have no gold passage: accuracy cannot be counted")
    return [*gold, *answers]


def differing(ranks_by, k):
    """Return the indices of the samples for which some criteria, but not all, find a right passage among the first k.

    `ranks_by` is {criterion: ranks}, where ranks is the list that `first_right` returns for this criterion.
    """
    found = [[rank is not None and rank <= k for rank in ranks] for ranks in ranks_by.values()]
    return [i for i, row in enumerate(zip(*found)) if len(set(row)) > 1]


def broken_patterns(samples):
    """Return a list of (sample id, answer, problem), one for each answer that cannot be used as a pattern.

    The problem is that the answer is not a valid regular expression, or that an earlier search for it took too long.
    """
    wrong = {"is not a regular expression": lambda a: compiled(a) is None, "takes too long to search for": TOO_SLOW.__contains__}
    return [(s["id"], a, why) for s in samples for a in s["answers"] for why, is_wrong in wrong.items() if is_wrong(a)]
