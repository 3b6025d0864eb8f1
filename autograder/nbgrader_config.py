"""Configures nbgrader: sources are in `solutions/`, releases in `notebooks/`, and everything else in `autograder/term/`.

Run nbgrader in this folder: `cd autograder && nbgrader generate_assignment 04_in_batch_loss`. To use the formgrader, nbgrader's
pages for grading by hand, run `jupyter lab --ServerApp.root_dir=..` here: the server's root folder must hold the whole course.
"""

import os
import sys
import warnings
from pathlib import Path

from sqlalchemy.exc import SAWarning

HERE = Path(__file__).resolve().parent
if str(HERE.parent) not in sys.path:
    sys.path.append(str(HERE.parent))  # for the import below, and for the export plugin

from autograder.places import move_in  # noqa: E402
from dpr_course.stages import UNSOLVED  # noqa: E402

TERM = HERE / "term"
if moved := move_in(HERE):  # must come before nbgrader makes a new, empty gradebook
    print(moved, file=sys.stderr)
TERM.mkdir(exist_ok=True)  # nbgrader makes the gradebook, but not its folder

c = get_config()  # noqa: F821  (given by nbgrader)
c.CourseDirectory.course_id = "dpr-course"
c.CourseDirectory.root = str(HERE.parent)
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "notebooks"
c.CourseDirectory.submitted_directory = "autograder/term/submitted"
c.CourseDirectory.autograded_directory = "autograder/term/autograded"
c.CourseDirectory.feedback_directory = "autograder/term/feedback"
c.CourseDirectory.solution_directory = "autograder/term/solution_html"
c.CourseDirectory.source_with_tests_directory = "autograder/term/source_with_tests"
c.CourseDirectory.db_url = f"sqlite:///{TERM / 'gradebook.db'}"
c.CourseDirectory.ignore = [".ipynb_checkpoints", "__pycache__", "*.pyc", "feedback"]
c.Exchange.root = str(TERM / "exchange")  # on a JupyterHub: a folder that all users see

c.GenerateAssignment.force = True  # else nbgrader skips stages whose notebooks exist, and its gradebook stays empty
c.ClearSolutions.code_stub = {
    "python": f'# YOUR CODE HERE\nraise NotImplementedError("{UNSOLVED}: write your code here and delete this line")'
}
c.Execute.timeout = 600  # the training cells of stages 04 to 06 take a minute
c.ExecutePreprocessor.timeout = 600
c.ExecutePreprocessor.kernel_manager_class = "autograder.kernels.OwnSocketsKernelManager"
c.ExportApp.plugin_class = "autograder.nbgrader_export.EarnedScores"

# nbgrader calls the program alembic by name. It is in the same folder as this Python, which may not be on PATH.
os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
# Silence the warnings of nbgrader's models and of ipykernel (about unencrypted TCP): real warnings would be lost among them.
warnings.filterwarnings("ignore", category=SAWarning)
c.Execute.extra_arguments = ["--log-level=ERROR"]
c.ExecutePreprocessor.extra_arguments = ["--log-level=ERROR"]
