"""From measured numbers to findings: every rule is asked, and the answers are put in order."""

from dpr_course.diagnose import rules_data, rules_texts, rules_training
from dpr_course.diagnose.findings import ordered

RULES = (*rules_texts.RULES, *rules_training.RULES, *rules_data.RULES)


def judge(measured):
    """Return the list of Findings, the most likely first. measured: what `measure` returned, or a part of it."""
    found = []
    for rule in RULES:
        answer = rule(measured)
        found += answer if isinstance(answer, list) else [answer]
    return ordered([f for f in found if f is not None and f.confidence > 0])
