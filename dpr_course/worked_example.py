"""The worked example: three questions and four passages, short enough to print, that appear in all stages.

Passages 0, 1 and 2 are the gold passages of questions 0, 1 and 2; passage 3 is a hard negative of question 0.
"""

import textwrap

QUESTIONS = ["which moon is covered with volcanoes", "who wrote the play about a danish prince", "what is the capital of australia"]
ANSWERS = [["Io"], ["William Shakespeare", "Shakespeare"], ["Canberra"]]
PASSAGES = [
    {"id": "toy-0", "title": "Io (moon)", "text": "Io is the moon of Jupiter with hundreds of active volcanoes."},
    {"id": "toy-1", "title": "Hamlet", "text": "Hamlet is a tragedy by William Shakespeare about a prince of Denmark."},
    {"id": "toy-2", "title": "Canberra", "text": "Canberra became the capital city of Australia in 1913."},
    {"id": "toy-3", "title": "Europa (moon)", "text": "Europa is the moon of Jupiter that is covered with ice."},
]
LABELS = [0, 1, 2]  # position of each question's gold passage in PASSAGES


def toy_samples():
    """Return the worked example as three samples. The sample of question 0 has passage 3 as its hard negative."""
    samples = [
        {"id": f"toy-q{i}", "question": q, "answers": a, "gold_context": PASSAGES[i]}
        for i, (q, a) in enumerate(zip(QUESTIONS, ANSWERS))
    ]
    samples[0]["hard_negative"] = PASSAGES[3]
    return samples


def print_toy():
    """Print the whole worked example, with the gold passage of each question."""
    for i, question in enumerate(QUESTIONS):
        print(f"question {i}  {question}   (gold: passage {LABELS[i]})")
    print()
    for i, p in enumerate(PASSAGES):
        print(textwrap.fill(f"passage {i}   {p['title']}: {p['text']}", 100, subsequent_indent=" " * 12))
