"""Quiet libraries: a notebook or a command shows only its own output. Nothing large is imported here."""

import logging
import os
import sys
import warnings


def quiet():
    """Silence what libraries print on import and load. Errors are still shown.

    transformers reads these settings when it is imported; if it has been imported already, it is told directly. So the first
    cell of a notebook does not wait for it.
    """
    # The course's bars are text and need no ipywidgets. The warning comes with the first import of a library's own bars.
    warnings.filterwarnings("ignore", message="IProgress not found")
    warnings.filterwarnings("ignore", message=".*NNPACK.*")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    for name in ("bm25s", "huggingface_hub"):
        logging.getLogger(name).setLevel(logging.ERROR)
    if "transformers" in sys.modules:
        import transformers

        transformers.logging.set_verbosity_error()
        transformers.logging.disable_progress_bar()
