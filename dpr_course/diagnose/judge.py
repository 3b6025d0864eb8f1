"""From measured numbers to findings: every rule is asked, and the answers are put in order."""

from dpr_course.diagnose import rules_evaluation, rules_negatives, rules_sides, rules_texts, rules_training
from dpr_course.diagnose.findings import ordered

RULES = tuple(rule for room in (rules_texts, rules_training, rules_sides, rules_negatives, rules_evaluation) for rule in room.RULES)


def judge(measured):
    """Return the list of Findings, the most likely first. measured: what `measure` returned, or a part of it."""
    found = []
    for rule in RULES:
        answer = rule(measured)
        found += answer if isinstance(answer, list) else [answer]
    return ordered([f for f in found if f is not None and f.confidence > 0])
