"""Grades answers written blind: their authors knew the student's notebooks, but not the checks, their messages or the known answers.

    autograder/blind/round_<n>/<number>.yaml    all answers to one exercise, a list of entries with these fields:

        author: a                 one letter per author
        right: false              whether the author means the answer to be right
        mistake: ...              in the author's words, what is wrong, or what is special about a right answer (or: note)
        code: ...                 the whole exercise cell
        told: ...                 the text that a student with this answer got at the first run of the round; "" if full marks
        verdict: named            a tutor's judgement of that text, see VERDICTS

`told` and `verdict` are written once and never changed, so the figures of a round's first run cannot improve afterwards.
`python -m autograder blind FOLDER` runs other answers, in files of the same form: only right, mistake and code are needed.
"""

import functools
import itertools
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import yaml
from tqdm import tqdm

from autograder.grade.judge import expected_for, judge
from autograder.places import BLIND
from autograder.proof.bank import define
from autograder.proof.prove import SEEDS
from autograder.proof.variants import one_thread
from autograder.repair.cpu_time import OutOfCpuTime, cpu_seconds
from autograder.sandbox.wire import pack
from autograder.wilson import share
from dpr_course.checks import CHECKS, observe

LIMIT = 20.0  # maximum seconds of processor time for an answer on one seed's inputs
VERDICTS = {
    "named": "the message says truly what is wrong",
    "unnamed": "points are lost, and the message says nothing false, but not what is wrong either",
    "misnamed": "the message says something that is not so",
    "missed": "full marks for a wrong answer",
    "": "right, with full marks",
    "false fail": "points are lost by a right answer",
    "disputed": "the author was mistaken: a 'wrong' answer does what the text asks for, or a 'right' one does not",
}


class BlindError(ValueError):
    """Raised if a file of blind answers cannot be read. The message names the file, the entry and the field."""


@dataclass(frozen=True)
class Answer:
    """One answer by one author. `told` and `verdict` are recorded after the first run; before, they are None."""

    exercise: str
    author: str
    right: bool
    mistake: str
    code: str
    told: str | None = None
    verdict: str | None = None


def read_answers(path):
    """Return the answers in a file as a list of Answer. The file's name is the exercise's number. Raises BlindError."""
    by_number = {c.number: c.exercise for c in CHECKS.values()}
    if path.stem not in by_number:
        raise BlindError(f"{path}: no exercise has the number {path.stem!r}; there are {', '.join(by_number)}")
    try:
        entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as e:
        raise BlindError(f"{path}: this is not YAML ({' '.join(str(e).split())})") from None
    if not isinstance(entries, list):
        raise BlindError(f"{path}: must be a list of answers, but is of type {type(entries).__name__}")
    return [_answer(by_number[path.stem], entry, f"{path}, entry {i}") for i, entry in enumerate(entries, 1)]


def _answer(exercise, entry, where):
    if not isinstance(entry, dict):
        raise BlindError(f"{where}: must have the fields right, mistake and code")
    for field, kind in (("right", bool), ("code", str)):
        if not isinstance(entry.get(field), kind):
            raise BlindError(f"{where}: {field!r} must be given, as {'true or false' if kind is bool else 'text'}")
    mistake = str(entry.get("mistake") or entry.get("note") or "")
    if not entry["right"] and not mistake:
        raise BlindError(f"{where}: a wrong answer needs its 'mistake', in the author's words")
    return Answer(
        exercise, str(entry.get("author", "")), entry["right"], mistake, entry["code"], entry.get("told"), entry.get("verdict")
    )


def told(answer, whole=True):
    """Return the text that a student with this answer reads, one line per failing test; "" if it gets full marks on all inputs.

    If `whole` is false, stop after the first inputs on which the answer fails."""
    check, packed = CHECKS[answer.exercise], []
    for seed in SEEDS[1:]:
        expected_for(answer.exercise, seed)  # now, so that what the reference imports does not count as the answer's time
    for n, seed in enumerate(SEEDS, 1):
        try:
            with cpu_seconds(LIMIT):
                packed.append(pack(observe(check, define(answer.exercise, answer.code, check.names), seed)))
        except OutOfCpuTime:
            return "The run took too long and was stopped."
        except Exception as e:
            return f"The exercise cell stopped with {type(e).__name__}: {e}"
        if (n == len(SEEDS) or not whole) and (failed := _failed(answer.exercise, packed)):
            return failed
    return ""


def _failed(exercise, packed):
    """Return the text that `told` returns, made from `packed`: the observations for the first seeds in SEEDS, see `wire.pack`."""
    outcome = {"status": "ran", "visible": packed[0], "hidden": packed[1:]}
    tests = judge(exercise, outcome, SEEDS[1 : len(packed)])["tests"]
    return "\n".join(f"{t['name']}: {t['message']}" for t in tests if not t["passed"])


def run_answers(answers, whole=True):
    """Run `answers` in parallel. Return a list of the texts that `told` returns for them, in the same order."""
    work = functools.partial(told, whole=whole)
    with ProcessPoolExecutor(initializer=one_thread) as workers:
        return list(tqdm(workers.map(work, answers, chunksize=8), total=len(answers), desc="blind answers", unit="answer"))


def rounds(folder=BLIND):
    """Return {name of a round: list of its answers}, the first round first."""
    return {name: answers for f in sorted(folder.glob("round_*")) for name, answers in answers_in(f).items()}


def row(name, answers, messages):
    """Return one round's row for the table with the headings HEAD: how its answers were judged at first, and how they are now.

    messages: the list that `run_answers` returned for `answers`.
    """
    wrong = [(a, m) for a, m in zip(answers, messages) if not a.right and a.verdict != "disputed"]
    right = [(a, m) for a, m in zip(answers, messages) if a.right and a.verdict != "disputed"]
    first = [a.verdict for a, _ in wrong]
    judged = all(v is not None for v in first)
    caught = sum(v in ("named", "unnamed", "misnamed") for v in first)
    at_first = [
        share(caught, len(wrong)), share(first.count("named"), caught), share(first.count("misnamed"), caught),
        share(sum(a.verdict == "false fail" for a, _ in right), len(right)),
    ]  # fmt: skip
    return [
        name.replace("_", " "), str(len({a.author for a in answers})), *(at_first if judged else ["not judged"] * 4),
        share(sum(bool(m) for _, m in wrong), len(wrong)), share(sum(bool(m) for _, m in right), len(right)),
    ]  # fmt: skip


HEAD = ["round", "authors", "caught at first", "named truly, of those caught", "misnamed", "false fails at first", "caught now", "false fails now"]  # fmt: skip


def problems(answers, messages):
    """Return a list of (answer, sentence), one for each wrong answer that gets full marks and each right answer that does not.

    messages: the list that `run_answers` returned for `answers`.
    """
    found = []
    for answer, message in zip(answers, messages):
        if answer.verdict == "disputed" or answer.right != bool(message):
            continue
        number, what = CHECKS[answer.exercise].number, " ".join(answer.mistake.split())
        if answer.right:
            found.append((answer, f"{number}, a right answer by author {answer.author} ({what}) loses points: {message}"))
        else:
            found.append((answer, f"{number}, a wrong answer by author {answer.author} keeps full marks: {what}"))
    return found


def audit_blind(chosen=None, out=None):
    """Run all answers of some rounds. Return (headings, rows) of a table, and the list that `problems` returns for the answers.

    chosen: {name of a round: answers}, by default the recorded rounds; out: None, or a folder in which each
    answer is saved together with the text that its student reads.
    """
    rows, found, chosen = [], [], chosen or rounds()
    messages_of_all = iter(run_answers([a for answers in chosen.values() for a in answers], whole=bool(out)))
    for name, answers in chosen.items():
        messages = list(itertools.islice(messages_of_all, len(answers)))
        rows.append(row(name, answers, messages))
        found += problems(answers, messages)
        if out:
            write_told(out, answers, messages)
    return (HEAD, rows), found


def answers_in(folder):
    """Read the answers in a folder. Return {name of the folder: list of Answer}. Raises BlindError if there are none."""
    folder = Path(folder)
    found = [a for path in sorted(folder.glob("*.yaml")) for a in read_answers(path)]
    if not found:
        raise BlindError(f"{folder}: there are no answers: files such as 4.1.yaml are needed")
    return {folder.name: found}


def write_told(folder, answers, messages):
    """Write the answers of one round to `folder`, with `told` and `verdict` as they were recorded.

    If no `told` is recorded for an answer, the text in `messages` is written: the one that a student with this answer reads now.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for check in CHECKS.values():
        entries = [
            {"author": a.author, "right": a.right, "mistake": a.mistake, "code": a.code,
             "told": m if a.told is None else a.told, **({} if a.verdict is None else {"verdict": a.verdict})}
            for a, m in zip(answers, messages) if a.exercise == check.exercise
        ]  # fmt: skip
        if entries:
            text = yaml.dump(entries, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120)
            (folder / f"{check.number}.yaml").write_text(text, encoding="utf-8")


class _Dumper(yaml.SafeDumper):
    """A YAML writer that writes text of several lines as a block, which is easy to read."""


_Dumper.add_representer(str, lambda d, text: d.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None))
