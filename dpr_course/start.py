"""The first cell of every notebook: quiet libraries, a look at the environment, and `previous.py` where it lacks."""

import sys
import traceback
import urllib.request
from pathlib import Path

from dpr_course.doctor import summary
from dpr_course.runtime import quiet


def start(stage, repository):
    """Prepare a notebook of `stage` (for example "04_in_batch_loss") and print one line about the environment.

    Colab opens a notebook without the files beside it, so `previous.py` is fetched from `repository` there.
    """
    quiet()
    _tell_unsolved_plainly()
    print(summary())
    if stage > "01" and not Path("previous.py").exists():
        if "google.colab" in sys.modules:
            raw = repository.replace("https://github.com/", "https://raw.githubusercontent.com/")
            urllib.request.urlretrieve(f"{raw}/main/notebooks/{stage}/previous.py", "previous.py")
        else:
            print(
                f"previous.py, which belongs beside this notebook, is not in {Path.cwd()}. Open the notebook in its own "
                f"folder notebooks/{stage}, or copy previous.py here."
            )
    if "" not in sys.path:
        sys.path.insert(0, "")


def _tell_unsolved_plainly():
    """A cell that meets an unsolved exercise stops as ever, but shows one sentence in place of a stack trace."""

    def show(shell, kind, error, tb, tb_offset=None):
        if not str(error).startswith("this exercise is not solved yet"):
            return shell.showtraceback((kind, error, tb), tb_offset=tb_offset)
        name = [frame.f_code.co_qualname for frame, _ in traceback.walk_tb(tb)][-1]
        told = f"Stopped here: {name} is not solved yet.\nWrite your code in its exercise cell (✏️), run that cell and its check, then go on from here."
        shell._showtraceback(kind, error, [told])  # the error output itself, so that "Run all" still ends here
        return [told]

    try:
        from IPython import get_ipython
    except ImportError:
        return
    if get_ipython() is not None:
        get_ipython().set_custom_exc((NotImplementedError,), show)
