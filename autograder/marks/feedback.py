"""Makes the students' feedback: one self-contained HTML page per student and stage.

A page is made from the result of grading, from the recorded notebook (pictures, written answers) and from the gradebook (manual
marks, comments, late penalty). After marking by hand, `python -m autograder feedback` writes the pages again. The pages are
written to the folder from which nbgrader's command `release_feedback` takes them.
"""

import re
import shutil
from datetime import UTC, datetime

from tqdm import tqdm

from autograder.authoring.html_templates import png_uri, render, write_file
from autograder.marks.assignments import grade_id
from autograder.marks.gradebook import course_directory, gradebook, place, read_autograded
from autograder.marks.recorded import read_marks
from autograder.marks.sanitize import as_written
from autograder.plain import plain
from autograder.stages.source import read_stage

PICTURES = 6  # maximum number of pictures that are shown per exercise
RECEIPT = ("submission", "code", "check", "environment", "seed")
ADVICE = {  # status -> (word, what to do)
    "unsolved": ("Not solved yet", "Write your code in the exercise cell in place of the line that raises an error, then run its check."),
    "missing": ("Not found", "Copy the exercise's cell, with its first line, from the released notebook, and put your code into it."),
    "syntax error": ("Not valid Python", "Run the cell: Python marks the place. Often a bracket or a colon is missing, or the indentation is off."),
    "crashed": ("Crashed", "The Python process ended while your code was running. Look for exit() or quit(), or for an index far outside a tensor, and run the cell in a fresh kernel."),
    "timeout": ("Out of time", "Look for a loop that never ends, or for a loop over rows where one tensor operation does the work."),
    "memory": ("Out of memory", "Look for a tensor that grows in a loop, or for a shape far larger than the inputs call for."),
    "output": ("Printed too much", "Remove the print calls from your loops, then hand the notebook in again."),
}  # fmt: skip
ISOLATION = {
    "namespaces": "Your code ran in a separate process with limits on time and memory, without access to the network or to other files.",
    "limits": "Your code ran in a separate process with limits on time and memory.",
}


def pictures_of(notebook):
    """Return the PNG pictures in a notebook's outputs: {exercise: [{"uri": data URI, "alt": alternative text}, ...]}.

    A picture belongs to the exercise whose exercise cell or check cell holds the picture or is the nearest one above it. Pictures
    above the first exercise have the key None.
    """
    found, exercise = {}, None
    for cell in notebook.cells if notebook else []:
        marker = re.match(r"# (?:exercise|check): (\w+)", cell.source)
        exercise = marker[1] if marker else exercise
        for output in cell.get("outputs", []):
            uri = png_uri(output.get("data", {}).get("image/png", ""))
            own = found.setdefault(exercise, [])
            if uri and len(own) < PICTURES:
                meta = output.get("metadata", {}).get("image/png", {})
                alt = meta.get("alt") if isinstance(meta, dict) else None
                own.append({"uri": uri, "alt": plain(alt or f"Picture {len(own) + 1} from your notebook", 500)})
    return found


def graded_exercise(exercise, e, mark, pictures):
    """Return the values that the page shows for one exercise, as a dictionary.

    Among the values are the fields of `e`, the points that count, and words for status and advice. e: the exercise's entry in the
    student's result; mark: the student's Mark in the gradebook, or None; pictures: the exercise's list from `pictures_of`.
    """
    cell = f"check_{exercise}"
    counted = mark.total.get(cell, e["points"]) if mark else e["points"]
    word, advice = ADVICE.get(e["status"], ("", ""))
    if not word:
        word = "✓ solved" if e["points"] == e["max_points"] else "◐ partly solved" if e["points"] else "✗ not yet"
    tone = "good" if counted >= e["max_points"] else "part" if counted else "bad"
    more = {"manual": mark is not None and cell in mark.manual, "comment": mark.comments.get(exercise, "") if mark else ""}
    anchor = f"exercise-{e['number']}"
    tests = e["tests"] if any(t["passed"] or t["message"] != e["reason"] for t in e["tests"]) else []
    above = [t["message"] for t in tests]
    tests = [
        t | {"message": "The same mistake as above." if t["message"] in above[:i] else t["message"]} if t["mistake"] else t
        for i, t in enumerate(tests)
    ]
    return {
        **e,
        **more,
        "tests": tests,
        "counted": counted,
        "word": word,
        "advice": advice,
        "tone": tone,
        "anchor": anchor,
        "pictures": pictures,
    }


def headings(stage):
    """Return {id: (number, title)} for the written answers of a stage. An example of number and title is ("6.2", "The plan")."""
    found, heading = {}, ("", "Written answer")
    for cell in read_stage(stage).cells:
        m = re.search(r"^### .*Exercise (\d+\.\d+) · ([^(\n]+)", cell.source, re.MULTILINE) if cell.kind == "markdown" else None
        heading = (m[1], m[2].strip()) if m else heading
        if "written" in cell.metadata:
            found[cell.metadata["written"]] = heading
    return found


def written_answer(name, w, mark, text, heading):
    """Return the values that the page shows for one written answer, as a dictionary.

    name: id of the written answer; w: the answer's entry in the result; mark: the student's Mark in the gradebook, or None; text:
    the text that the student wrote; heading: (number, title) of the answer, see `headings`.
    """
    counted = 0.0 if not w["answered"] else None
    if mark and name in mark.manual:
        counted = mark.total[name]
    word = "no answer" if not w["answered"] and not counted else "not marked yet" if counted is None else "marked"
    tone = "part" if counted is None else "good" if counted >= w["max_points"] else "part" if counted else "bad"
    comment = mark.comments.get(name, "") if mark else ""
    more = {"number": heading[0], "title": heading[1], "anchor": f"exercise-{heading[0]}"}
    return {**w, **more, "counted": counted, "word": word, "tone": tone, "comment": comment, "text": text}


def feedback_page(result, notebook=None, mark=None):
    """Return the feedback page of one submission as HTML text.

    result: the grader's result; notebook: the recorded notebook, for pictures and written answers, or None if none is recorded;
    mark: the student's Mark in the gradebook, or None if there is none.
    """
    drawn = pictures_of(notebook)
    texts = {grade_id(c): as_written(c.source) for c in notebook.cells if c.cell_type == "markdown"} if notebook else {}
    exercises = [graded_exercise(i, e, mark, drawn.get(i, [])) for i, e in result["exercises"].items()]
    heading = headings(result["stage"])
    written = [written_answer(i, w, mark, texts.get(i, ""), heading[i]) for i, w in result["written"].items()]
    penalty = mark.penalty if mark else 0.0
    points = sum(e["counted"] for e in exercises) + sum(w["counted"] or 0 for w in written)
    when = result["timestamp"] and datetime.fromisoformat(result["timestamp"]).astimezone(UTC)
    return render(
        "feedback.html",
        r=result,
        title=read_stage(result["stage"]).title,
        name=plain(f"{mark.first_name} {mark.last_name}".strip() if mark else "") or result["student"],
        submitted=when and f"{when:%d %B %Y, %H:%M} UTC",
        graded=result["status"] == "graded",
        total=max(0.0, points - penalty),
        max_points=sum(x["max_points"] for x in exercises + written),
        waiting=sum(w["counted"] is None for w in written),
        penalty=penalty,
        exercises=exercises,
        written=written,
        isolation=ISOLATION.get(result["isolation"], ""),
        receipts=[(e["number"], e["receipt"]) for e in exercises if e.get("receipt")],
        receipt_keys=RECEIPT,
    )


def write_feedback(results, root=None):
    """Write the feedback page of each result to autograder/term/feedback/<student>/<stage>/<stage>.html. Return a list of paths."""
    course = course_directory(root)
    with gradebook(course) as book:
        marks = {(m.student, m.stage): m for m in read_marks(book) if m.submitted}
    paths = []
    for r in tqdm(results, desc="feedback", unit="page", disable=len(results) < 20):
        student, stage = r["student"], r["stage"]
        page = feedback_page(r, read_autograded(course, student, stage), marks.get((student, stage)))
        folder = place(course, "feedback", student, stage)
        paths.append(write_file(folder / f"{stage}.html", page))
        for name in ("timestamp.txt", "submission_secret.txt"):  # nbgrader's release_feedback reads these files
            source = place(course, "autograded", student, stage) / name
            if source.exists():
                shutil.copyfile(source, folder / name)
    return paths
