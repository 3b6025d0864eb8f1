"""The report of a diagnosis: as text, as JSON, and in a notebook."""

import json
import textwrap
from dataclasses import dataclass, field

WIDTH = 100


@dataclass
class Report:
    """The findings of one run, the most likely first, and everything that was measured. `print(report)` prints it as text."""

    name: str
    findings: list
    measured: dict = field(default_factory=dict, repr=False)

    @property
    def faults(self):
        """The names of the faults that no other fault explains, the most likely first."""
        return [f.fault for f in self.findings if f.explained_by is None]

    def as_dict(self):
        """Return {"run": its name, "findings": list of dicts, "measured": the dict that `measure` returned}."""
        return {"run": self.name, "findings": [f.as_dict() for f in self.findings], "measured": self.measured}

    def to_json(self):
        return json.dumps(self.as_dict(), indent=1, ensure_ascii=False, default=_plain, allow_nan=True)

    def __str__(self):
        alone = [f for f in self.findings if f.explained_by is None]
        if not alone:
            return healthy(self.name, self.measured)
        told = [f"{self.name}: {len(alone)} finding{'s' if len(alone) > 1 else ''}, the most likely first"]
        for i, f in enumerate(alone, 1):
            told.append(f"\n{i}. {f.fault} ({f.confidence:.0%}): {f.title}")
            for label, text in (
                ("measured", f"{f.measured} ({f.data})"),
                ("means", f.meaning),
                ("do", f.advice),
                ("expect", f.effect),
            ):
                told.append(textwrap.fill(text, WIDTH, initial_indent=f"   {label:<9}", subsequent_indent=" " * 12))
        for f in self.findings:
            if f.explained_by:
                told.append(
                    textwrap.fill(
                        f"{f.fault} was measured too ({f.measured}); {f.explained_by} explains it.", WIDTH, subsequent_indent="   "
                    )
                )
        return "\n".join(told) + f"\n\n{looked(self.measured)}"

    def __repr__(self):
        return str(self)


def looked(m):
    """Return one sentence on how much was measured, made from the dict `m` that `measure` returned."""
    a = m["about"]
    return f"Measured on {a['sample']} of {a['questions']} questions, {a['texts']} texts encoded, in {a['seconds']:.0f} s."


def healthy(name, m):
    """Return the text for a run without findings: its main numbers, from the dict `m` that `measure` returned."""
    w, g, k = m.get("ways", {}), m.get("geometry", {}), m.get("training", {})
    told = f"{name}: no fault was found"
    if w:
        told += f". R@1 is {w['r1']:.1f} among {w['passages']} passages, and no other pooling, title, prefix or side does better"
    if g:
        told += f"; effective rank {g['rank']:.0f} of {g['dimensions']}"
    if k:
        told += f"; the loss fell from {k['first']:.2f} to {k['last']:.2f}"
    if b := m.get("batches"):
        told += f"; {100 * b['duplicates']:.1f} % of the questions have their gold twice in a batch"
    return textwrap.fill(f"{told}.", WIDTH) + "\n" + looked(m)


def _plain(value):
    return value.item() if hasattr(value, "item") else str(value)
