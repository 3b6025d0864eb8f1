"""Makes and checks what students get: `python -m autograder release --to DIR_or_ZIP [--stages 01-03] [--tier guided]`.

A release holds the folders of the released stages in `notebooks/`, the glossary, the helper package dpr_course, a
pyproject.toml that installs the package, a README for students, AGENTS.md, `start.py`, the tested library versions, and the
licence. It holds no secret, no grading code, and no answers to the released exercises. A file `previous.py` beside a notebook
holds the reference answers of the stages before the first released stage. With `dpr-course carry`, students copy their own answers
to released stages into this file.

The notebooks are those in notebooks/, or the same notebooks in another tier, which gives more or less help (see
autograder/stages/tiers.py). Before a release is written, it is checked. The files must hold no secret and no line of an answer,
except the steps that the guided tier shows. A solved exercise must earn all points, and an unsolved exercise none. In the guided
tier, an exercise in which a student has only deleted the line that raises an error must earn none either.

In Colab, the notebooks install the package from the git tag of this version, so the repository must have the tag. A class that
works in JupyterLab does not need the tag, and its instructor may have no repository at all. If the tag is missing, the command
therefore writes the files and prints a warning. With `--colab`, a missing tag is an error.
"""

import json
import re
import shutil
import tempfile
import zipfile
from pathlib import Path

from autograder.authoring.glossary import PAGE
from autograder.authoring.handout import package_files, pyproject, student_readme
from autograder.authoring.tier_notebooks import tier_notebook
from autograder.grade.secret import hidden_seeds
from autograder.places import ROOT, SECRET
from autograder.repair.release import released_stages
from autograder.stages import scaffolds
from autograder.stages.contexts import exercises_of
from autograder.stages.source import chosen_stages, load_reference, marked_up_source, previous_source, read_stage, stage_names
from autograder.stages.tiers import blank_cell, known, solved_cell
from dpr_course.checks import CHECKS, verdict
from dpr_course.files import replacing
from dpr_course.stages import mark_of

SECRETS = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----|\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bgh[pousr]_\w{30,}|\bgithub_pat_\w{30,}|\bhf_[A-Za-z0-9]{30,}"
    r"|\bsk-[A-Za-z0-9_-]{20,}|\bxox[abprs]-[\w-]{10,}|\bAIza[\w-]{35}|\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\."
    r"|(?i:\b(?:password|passwd|secret|token|api_?key)\w*[ \t]*[:=][ \t]*[\"'][^\"'\s]{8,}[\"'])|(?<![\w.])(?:/home|/Users|/root)/\w+"
)
FORBIDDEN = re.compile(
    r"BEGIN SOLUTION|END SOLUTION|BEGIN HIDDEN|BEGIN MARK SCHEME|Mark scheme|^\s*(?:from|import) autograder\b", re.MULTILINE
)
TELLING = 24  # a line of an answer with at most this many characters proves nothing, since it may occur anywhere


class ReleaseError(ValueError):
    """Raised if a release is not written. The message lists the reasons, one per line."""


def given(name, stages, with_previous):
    """Return the text of previous.py for the released stage `name`, or "" if the stage needs none.

    If `with_previous` is true, the text holds the reference answers of all stages before `name`. If not, it holds only the
    answers of the stages before the first released one, stages[0].
    """
    return previous_source(name, None if with_previous else stages[0]) or ""


def assemble(stages, folder, with_previous=False, tier="standard"):
    """Write the files of a release of `stages`, a list of names, into `folder`. For the other arguments see `make_release`."""
    texts = {"README.md": student_readme(stages, with_previous, tier), "pyproject.toml": pyproject()}
    texts |= {f"notebooks/{name}/previous.py": text for name in stages if (text := given(name, stages, with_previous))}
    copies = [
        *package_files(),
        *map(Path, ("AGENTS.md", "LICENSE", "start.py", "constraints.txt")),
        Path("notebooks", PAGE),
    ]
    texts |= {f"notebooks/{name}/{name}.ipynb": tier_notebook(name, tier) for name in stages}
    for path in copies:
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / path, target)
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text.encode("utf-8"))


ANSWER = re.compile(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", re.DOTALL)


def answer_lines(stages, tier="standard"):
    """Return the lines of each answer that show that the answer was copied ("telling lines"): {(stage, exercise): {line, ...}}.

    The answers are those of the first released stage, stages[0], and of all stages after it in the course, released or not.

    A line is telling if it is longer than TELLING characters and does not occur outside the answers in the released notebooks.
    In the guided tier, the steps of an answer that students are given do not count as part of the answer.
    """
    cells = [c for name in stages for c in read_stage(name).cells]
    public = "\n".join(ANSWER.sub("", c.source) for c in cells)
    if tier == "guided":
        public += "\n".join(scaffolds.guided(c.marked_up) for c in cells if "exercise" in c.metadata)
    answers = {}
    for name in stage_names():
        for cell in read_stage(name).cells if name >= stages[0] else ():
            lines = "\n".join(ANSWER.findall(cell.source)).splitlines()
            lines = {line.split("  #")[0].strip().lstrip("# ") for line in lines}
            if lines := {line for line in lines if len(line) > TELLING and line not in public}:
                answers[name, cell.metadata.get("exercise") or cell.metadata["written"]] = lines
    return answers


def answers_in(text, allowed, answers, library):
    """Yield a message for each answer that `text` gives away because it contains telling lines of the answer.

    allowed  a text whose lines may also occur in `text`
    answers  the dictionary that `answer_lines` returned
    library  whether `text` is a file of the package dpr_course

    The package does some of what the exercises ask for, so it shares lines with the answers. For a file of the package, an answer
    is therefore reported only if more than half of the answer's telling lines are in the file. For other files, one is enough.
    """
    for (stage, exercise), lines in answers.items():
        held = {line for line in lines if line in text and line not in allowed}
        if len(held) * 2 > len(lines) if library else held:
            yield f"holds {len(held)} of {len(lines)} lines of the answer {exercise} of {stage}: {min(held)[:60]}"


def leaks(folder, stages, with_previous=False, tier="standard"):
    """Return a list of messages, one for each file or text in `folder`, a release, that students must not get (such as an answer)."""
    found = []
    answers = answer_lines(stages, tier)
    seeds = hidden_secrets()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        shown = path.relative_to(folder)
        if any(word in part for part in shown.parts for word in ("autograder", "bank", "solutions", "secret")):
            found.append(f"{shown}: a file for instructors only")
        text = path.read_bytes().decode("utf-8", "replace")
        if path.suffix == ".ipynb" and path.name != PAGE:
            cells = "\n".join("".join(c["source"]) for c in json.loads(text)["cells"])
            text = cells + text.replace("\\n", "\n").replace('\\"', '"')
        for pattern, what in ((FORBIDDEN, "for instructors only"), (SECRETS, "looks like a secret or a private path")):
            for m in pattern.finditer(text) if path.suffix != ".safetensors" else ():
                line = text.count("\n", 0, m.start()) + 1
                found.append(f"{shown}, line {line}: {what}: {m[0].strip()[:16]}...")
        allowed = given(shown.parts[1], stages, with_previous) if shown.name == "previous.py" else ""
        found += [f"{shown}: {what}" for what in answers_in(text, allowed, answers, shown.parts[0] == "dpr_course")]
        found += [f"{shown}: holds the hidden seed" for s in seeds if s in text]
    return found


def hidden_secrets():
    """Return a list of texts: the secret seed, and the seeds of hidden inputs that are computed from it. [] if there is no secret."""
    if not SECRET.exists():
        return []
    secret = SECRET.read_text(encoding="utf-8").strip()
    return [secret, *(str(s) for e in CHECKS for s in hidden_seeds(e, secret))]


def answered(folder, stages):
    """Return a list of messages, one for each answer in a previous.py in `folder` that earns points in an exercise of `stages`."""
    found = []
    for path in sorted(folder.rglob("previous.py")):
        namespace = {"__name__": "previous"}
        exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), namespace)
        for check in (CHECKS[e] for name in stages for e in exercises_of(name)):
            if set(check.names) <= namespace.keys():
                points = verdict(check.exercise, *(namespace[n] for n in check.names)).points
                if points:
                    found.append(f"{path.relative_to(folder)}: {check.number} {check.exercise} in it earns {points:g} points")
    return found


def wrong_marks(folder, stages, tier="standard"):
    """Return a list of messages, one for each exercise in `folder`, a release, that earns the wrong number of points.

    An unsolved exercise must earn none, and an exercise solved with the reference's code must earn all. In the guided and challenge
    tiers, an exercise cell that differs from the tier's own version is reported too.
    """
    found = []
    for name in stages:
        for cell in json.loads((folder / "notebooks" / name / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]:
            source = "".join(cell["source"])
            kind, key = mark_of(source)
            if kind != "exercise":
                continue
            check = CHECKS[key]
            if tier != "standard" and source.partition("\n")[2] != blank_cell(key, tier):
                found.append(f"{check.number} {key}: the cell is not the one of the tier {tier}")
            attempts = [("the stub", source, 0), ("the reference", solved_cell(key, tier), check.points)]
            if tier == "guided":
                attempts.append(("the stub without the line that stops it", scaffolds.begun(marked_up_source(key)), 0))
            for what, code, deserved in attempts:
                points = earned(check, code, f"{name}/{key}")
                if points != deserved:
                    found.append(f"{check.number} {key}: {what} earns {points:g} points, not {deserved:g}")
    return found


def earned(check, code, filename):
    """Run `code` as the answer to the exercise of `check`. Return the points that it earns on the published inputs."""
    namespace = load_reference()
    exec(compile(code, filename, "exec"), namespace)
    return verdict(check.exercise, *(namespace[n] for n in check.names)).points


def write_zip(folder, path):
    """Write the files in `folder` to a zip at `path`. The same files always give the same bytes, since order and dates are fixed."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(p for p in folder.rglob("*") if p.is_file()):
            member = zipfile.ZipInfo(f"{folder.name}/{file.relative_to(folder).as_posix()}", (1980, 1, 1, 0, 0, 0))
            member.compress_type, member.external_attr, member.create_system = zipfile.ZIP_DEFLATED, 0o644 << 16, 3
            archive.writestr(member, file.read_bytes())


def make_release(to, stages=None, with_previous=False, tier="standard"):
    """Write a release to `to`, a folder or a path that ends in .zip. Return the names of the stages in it.

    stages: for example "01-03" or "04", None for all; with_previous: whether the previous.py of a stage holds the answers of
    earlier stages even if they are part of this release; tier: "guided", "standard" or "challenge". An existing zip is replaced.
    Raises ReleaseError, and writes nothing, if a check of the release fails, if a stage is not built yet, or if the folder exists
    and is not empty. Raises TierError if there is no such tier.
    """
    known(tier)
    to, names = Path(to).absolute(), chosen_stages(stages)
    zipped = to.suffix.casefold() == ".zip"
    if not zipped and to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise ReleaseError(f"{to} exists already: give another folder, or remove it first")
    if unbuilt := [n for n in names if n not in released_stages()]:
        raise ReleaseError(f"{', '.join(unbuilt)} is not built yet: run `make notebooks`, or choose with --stages")
    with replacing(to) as part, tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "dpr-course" if zipped else part
        assemble(names, folder, with_previous, tier)
        problems = leaks(folder, names, with_previous, tier) or wrong_marks(folder, names, tier)
        problems += [] if with_previous else answered(folder, names)
        if problems:
            raise ReleaseError("nothing was released:\n" + "\n".join(f"  {p}" for p in problems))
        if zipped:
            write_zip(folder, part)
    return names
