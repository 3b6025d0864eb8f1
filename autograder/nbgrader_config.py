"""nbgrader's configuration: `solutions/` is its source, `notebooks/` its release; the rest stays in here."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
if str(HERE.parent) not in sys.path:
    sys.path.append(str(HERE.parent))  # for the export plugin

c = get_config()  # noqa: F821  (given by nbgrader)
c.CourseDirectory.course_id = "dpr-course"
c.CourseDirectory.root = str(HERE.parent)
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "notebooks"
c.CourseDirectory.submitted_directory = "autograder/submitted"
c.CourseDirectory.autograded_directory = "autograder/autograded"
c.CourseDirectory.feedback_directory = "autograder/feedback"
c.CourseDirectory.solution_directory = "autograder/solution_html"
c.CourseDirectory.source_with_tests_directory = "autograder/source_with_tests"
c.CourseDirectory.db_url = f"sqlite:///{HERE / 'gradebook.db'}"
c.CourseDirectory.ignore = [".ipynb_checkpoints", "__pycache__", "*.pyc", "feedback"]

c.ClearSolutions.code_stub = {
    "python": '# YOUR CODE HERE\nraise NotImplementedError("this exercise is not solved yet: write your code here and delete this line")'
}
c.Execute.timeout = 600  # the training cells of stages 04 to 06 take a minute
c.ExecutePreprocessor.timeout = 600
c.ExportApp.plugin_class = "autograder.nbgrader_export.EarnedScores"
