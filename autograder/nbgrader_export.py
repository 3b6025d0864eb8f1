"""`nbgrader export` for this course: nbgrader's columns, quoted as CSV wants it, and no 0.0 for what was never graded."""

from nbgrader.plugins import ExportPlugin

from autograder.authoring.page import write_file
from autograder.lms.export import nbgrader_rows, to_csv
from autograder.marks.recorded import read_marks


class EarnedScores(ExportPlugin):
    """Writes an empty score, not a zero, for a missing submission and for one that could not be graded."""

    def export(self, gradebook):
        wanted = [set(map(str, chosen)) for chosen in (self.assignment, self.student)]
        marks = [m for m in read_marks(gradebook) if all(not w or x in w for w, x in zip(wanted, (m.stage, m.student)))]
        write_file(self.to or "grades.csv", to_csv(nbgrader_rows(marks)))
