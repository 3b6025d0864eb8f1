"""The first cell of every notebook: quiet libraries, a look at the environment, and `previous.py` where it lacks."""

import sys
import urllib.request
from pathlib import Path

from dpr_course.doctor import summary
from dpr_course.runtime import quiet


def start(stage, repository):
    """Prepare a notebook of `stage` (for example "04_in_batch_loss") and print one line about the environment.

    Colab opens a notebook without the files beside it, so `previous.py` is fetched from `repository` there.
    """
    quiet()
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
