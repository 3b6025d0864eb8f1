import bisect


def compare_rankings(teacher, student, k):
    """Inversions by insertion into a sorted list; index top-k by taking passages until none is missing."""

    def ranking(scores):
        return sorted(range(len(scores)), key=lambda i: (-float(scores[i]), i))

    gold, pupil = ranking(teacher), ranking(student)
    number = {passage: place for place, passage in enumerate(gold)}
    seen, inversions = [], 0
    for passage in pupil:
        inversions += len(seen) - bisect.bisect(seen, number[passage])
        bisect.insort(seen, number[passage])
    taken, missing = 0, set(gold[:k])
    while missing:
        missing.discard(pupil[taken])
        taken += 1
    return inversions, len(set(gold[:k]) & set(pupil[:k])) / k, taken
