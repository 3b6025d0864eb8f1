"""The plugin with which `nbgrader export` writes this course's marks as a CSV file. Ungraded work has an empty score."""

from nbgrader.plugins import ExportPlugin

from autograder.authoring.html_templates import write_file
from autograder.lms.export import nbgrader_rows, to_csv
from autograder.marks.recorded import read_marks


class EarnedScores(ExportPlugin):
    """The export plugin. A submission that is missing or could not be graded gets an empty score, not zero."""

    def export(self, gradebook):
        wanted = [set(map(str, chosen)) for chosen in (self.assignment, self.student)]
        marks = [m for m in read_marks(gradebook) if all(not w or x in w for w, x in zip(wanted, (m.stage, m.student)))]
        write_file(self.to or "grades.csv", to_csv(nbgrader_rows(marks)))
