"""Reads the marks in the gradebook for feedback and exports: automatic and manual marks, comments and late penalties."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime


@dataclass
class Mark:
    """One student's marks for one stage. The keys of several fields are grade ids: a grade id is nbgrader's name of a graded cell."""

    student: str
    first_name: str
    last_name: str
    email: str
    stage: str
    max_score: float
    duedate: datetime | None = None
    timestamp: datetime | None = None
    penalty: float = 0.0
    submitted: bool = False
    auto: dict = field(default_factory=dict)  # grade id -> the points that the grader gave, or None if it gave none
    manual: dict = field(default_factory=dict)  # grade id -> points given by hand; other cells have no entry
    total: dict = field(
        default_factory=dict
    )  # grade id -> points that count: the manual points, or without them the automatic points, plus extra credit
    comments: dict = field(default_factory=dict)  # nbgrader's name of a cell -> comment written by hand
    pending: bool = False  # whether something still has to be marked by hand
    code: set = field(default_factory=set)  # grade ids of code cells

    @property
    def gradable(self):
        """True if the student handed something in and at least one code cell has points, given automatically or by hand."""
        return self.submitted and any(self.auto[c] is not None or c in self.manual for c in self.code)

    @property
    def raw(self):
        """The points before the late penalty is taken off; None if `gradable` is false."""
        return sum(self.total.values()) if self.gradable else None

    @property
    def score(self):
        return max(0.0, self.raw - self.penalty) if self.gradable else None


def read_marks(gradebook):
    """Read the marks of every student for every graded stage. gradebook: an open Gradebook of nbgrader.

    Returns a list of Mark, sorted by stage, then by student. If a student handed in nothing for a stage, the list has a Mark
    without a score.
    """
    from nbgrader.api import BaseCell, Comment, Grade, GradeCell, SubmittedAssignment, SubmittedNotebook

    db = gradebook.db
    submissions = {(s.assignment_id, s.student_id): s for s in db.query(SubmittedAssignment)}
    notebooks = defaultdict(list)
    for notebook in db.query(SubmittedNotebook):
        notebooks[notebook.assignment_id].append(notebook)
    grades, comments = defaultdict(list), defaultdict(list)
    for grade, name, kind in db.query(Grade, GradeCell.name, GradeCell.cell_type).join(GradeCell, Grade.cell_id == GradeCell.id):
        grades[grade.notebook_id].append((grade, name, kind))
    for comment, name in db.query(Comment, BaseCell.name).join(BaseCell, Comment.cell_id == BaseCell.id):
        comments[comment.notebook_id].append((comment, name))

    found = []
    for assignment in sorted(gradebook.assignments, key=lambda a: a.name):
        if not assignment.max_score:
            continue  # nothing in this stage is graded
        for student in sorted(gradebook.students, key=lambda s: s.id):
            names = student.first_name or "", student.last_name or "", student.email or ""
            mark = Mark(student.id, *names, assignment.name, float(assignment.max_score), assignment.duedate)
            found.append(mark)
            submission = submissions.get((assignment.id, student.id))
            if submission is None:
                continue
            mark.submitted, mark.timestamp = True, submission.timestamp
            for notebook in notebooks[submission.id]:
                mark.penalty += notebook.late_submission_penalty or 0.0
                for grade, name, kind in grades[notebook.id]:
                    mark.auto[name] = grade.auto_score
                    mark.total[name] = grade.score
                    mark.pending |= grade.needs_manual_grade
                    if grade.manual_score is not None:
                        mark.manual[name] = grade.manual_score
                    if kind == "code":
                        mark.code.add(name)
                mark.comments |= {name: c.manual_comment for c, name in comments[notebook.id] if c.manual_comment}
    return found
