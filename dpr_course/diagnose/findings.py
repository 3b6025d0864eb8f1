"""The Finding: one fault with the numbers that show it, what the fault means, what to do, and what effect to expect.

`ordered` sorts findings by likelihood. Faults that another fault explains come last.
"""

from dataclasses import asdict, dataclass, field

TITLES = {
    "duplicate-golds": "a question's gold passage is in the batch twice, the second time as a negative",
    "answer-bearing-negatives": "negatives hold the answer",
    "mined-golds": "mined hard negatives are gold passages",
    "swapped-sides": "questions and passages are swapped",
    "wrong-labels": "the labels do not point at the gold passages",
    "wrong-pooling": "the vector is pooled differently from training",
    "mask-ignored": "padding is read as text",
    "padding-wasted": "texts are padded far beyond the longest of their batch",
    "title-missing": "passages are read differently from training: the title",
    "prefix-missing": "texts lack the prefix of training",
    "answers-cut": "truncation cuts the answers off",
    "learning-rate-high": "the learning rate is too high: training diverged",
    "learning-rate-low": "the learning rate is too low, or there were too few steps: the model is hardly trained",
    "wrong-scale": "the scores have the wrong scale (temperature)",
    "collapse": "the vectors have collapsed",
    "anisotropy": "one common direction of all vectors decides the ranking",
    "development-leak": "reported or held-out questions were trained on",
    "epoch-on-reported": "the epoch was chosen on the questions that are reported",
    "frozen-side": "one side was not trained",
    "shared-encoders": "both sides share one encoder, though they should not",
    "accumulation": "gradient accumulation was taken for a larger batch",
    "few-negatives": "a question is compared with too few negatives",
    "wrong-tokenizer": "the tokenizer belongs to another model",
    "foreign-index": "the passage vectors were made by another encoder",
    "cut-off": "the search returns fewer passages than R@k needs",
    "duplicate-ids": "ids come twice in the evaluation",
}

TEXTUAL = ("wrong-pooling", "mask-ignored", "title-missing", "prefix-missing", "swapped-sides", "wrong-tokenizer")
SHAPES = ("collapse", "anisotropy", "wrong-scale")
# {fault: other faults that are its effects, so that a finding of one of them may be explained by this fault}
EXPLAINS = {
    "wrong-tokenizer": (
        *TEXTUAL,
        *SHAPES,
        "answers-cut",
        "learning-rate-low",
        "learning-rate-high",
        "wrong-labels",
        "accumulation",
        "foreign-index",
    ),
    "wrong-labels": (*TEXTUAL, *SHAPES, "learning-rate-low", "learning-rate-high", "accumulation", "few-negatives"),
    "learning-rate-high": (*TEXTUAL, *SHAPES, "wrong-labels", "accumulation"),
    "learning-rate-low": (*TEXTUAL, *SHAPES, "few-negatives"),
    "frozen-side": (*TEXTUAL, *SHAPES, "learning-rate-low", "shared-encoders", "accumulation"),
    "collapse": (*TEXTUAL, "anisotropy", "wrong-scale", "learning-rate-low", "accumulation", "wrong-labels"),
    "swapped-sides": (*TEXTUAL, *SHAPES, "accumulation", "wrong-labels", "foreign-index", "frozen-side"),
    "wrong-pooling": (*TEXTUAL, *SHAPES, "accumulation", "wrong-labels"),
    "mask-ignored": (*TEXTUAL, *SHAPES, "accumulation", "wrong-labels"),
    "title-missing": (*TEXTUAL, "anisotropy", "answers-cut", "foreign-index", "accumulation", "wrong-labels"),
    "prefix-missing": (*TEXTUAL, "anisotropy", "accumulation", "wrong-labels"),
    "answers-cut": ("accumulation", "wrong-labels"),
    "wrong-scale": (*TEXTUAL, "anisotropy", "learning-rate-low", "accumulation", "wrong-labels"),
    "accumulation": ("few-negatives", "anisotropy"),
    "few-negatives": ("anisotropy",),
    "mined-golds": ("answer-bearing-negatives", "duplicate-golds", "wrong-labels", "learning-rate-low", *SHAPES),
    "foreign-index": ("cut-off", "anisotropy"),
    "duplicate-ids": ("cut-off",),
    "development-leak": ("epoch-on-reported",),
    "shared-encoders": ("swapped-sides",),
}


@dataclass
class Finding:
    """One fault that the measures show.

    fault       name of the fault, a key of TITLES
    confidence  0 to 1: how sure it is that the run has this fault
    measured    a sentence with the numbers that show the fault
    data        on how much data the fault was measured, for example "300 questions"
    meaning     what the fault means
    advice      what to do about it
    effect      what effect to expect if the advice is followed
    numbers     the numbers of `measured`, by name
    explained_by  name of another fault of the run that causes this one; None if there is none
    """

    fault: str
    confidence: float
    measured: str
    data: str
    meaning: str
    advice: str
    effect: str
    numbers: dict = field(default_factory=dict)
    explained_by: str | None = None

    @property
    def title(self):
        return TITLES[self.fault]

    def as_dict(self):
        """Return the finding as a dict, for JSON."""
        return {"fault": self.fault, "title": self.title, **{k: v for k, v in asdict(self).items() if k != "fault"}}


def ordered(findings):
    """Return the findings, the most likely first.

    Finding A explains finding B if EXPLAINS says so and A has at least 0.6 times the confidence of B. B then gets the name of
    A's fault as `explained_by`, and less confidence. Explained findings come after all others.
    """
    findings = sorted(findings, key=lambda f: (-f.confidence, list(TITLES).index(f.fault)))
    for place, finding in enumerate(findings):
        causes = [f for f in findings if f is not finding and not f.explained_by and finding.fault in EXPLAINS.get(f.fault, ())]
        # Of two findings that explain each other, the one with more confidence is the cause.
        cause = next((f for f in causes if findings.index(f) < place or f.fault not in EXPLAINS.get(finding.fault, ())), None)
        if cause is not None and cause.confidence >= 0.6 * finding.confidence:
            finding.explained_by = cause.fault
            finding.confidence = round(0.4 * finding.confidence, 3)
    return sorted(findings, key=lambda f: (f.explained_by is not None, -f.confidence))
