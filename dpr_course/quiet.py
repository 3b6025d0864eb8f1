"""Silences libraries, so that a notebook or a command shows only its own output. This module imports nothing large."""

import logging
import os
import sys
import warnings


def quiet():
    """Silence the messages that libraries print when they are imported or load a model. Errors are still shown.

    The function sets environment variables that transformers reads when it is imported. If transformers is imported already,
    its logging functions are called too. transformers is not imported here: that would delay the first cell of a notebook.
    """
    # tqdm warns when ipywidgets is missing, which the course's text bars do not need.
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
