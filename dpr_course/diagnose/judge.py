"""Turns measured numbers into findings: applies every rule and sorts what the rules found."""

from dpr_course.diagnose import rules_evaluation, rules_negatives, rules_sides, rules_texts, rules_trace, rules_training
from dpr_course.diagnose.findings import ordered

ROOMS = (rules_texts, rules_trace, rules_training, rules_sides, rules_negatives, rules_evaluation)
RULES = tuple(rule for room in ROOMS for rule in room.RULES)


def judge(measured):
    """Return the list of Findings, the most likely first, each fault at most once.

    `measured` is the dict that `measure` returned, or a part of it.
    """
    found = []
    for rule in RULES:
        answer = rule(measured)
        found += answer if isinstance(answer, list) else [answer]
    surest = {}
    for f in found:
        if f is not None and f.confidence > max(0.0, surest[f.fault].confidence if f.fault in surest else 0.0):
            surest[f.fault] = f
    return ordered(list(surest.values()))
