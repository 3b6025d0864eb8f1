"""Attacks that end, stop or crash the student's process, or the grader's processes."""

from attacks.answers import WRONG, inside

MACHINE = {
    "os._exit": (inside("import os\nos._exit(0)"), {"crashed"}),
    "os._exit with a code of the grader's": ("import os\nos._exit(70)\n" + WRONG, {"crashed"}),
    "the same when it is called": (inside("import os\nos._exit(70)"), {"crashed"}),
    "quit": (inside("quit()"), {"crashed", "graded"}),
    "sys.exit": (inside("import sys\nsys.exit(3)"), {"crashed"}),
    "segmentation fault": (inside("import ctypes\nctypes.string_at(0)"), {"crashed"}),
    "abort": (inside("import os\nos.abort()"), {"crashed"}),
    "kill everything": (inside("import os\nos.kill(-1, 9)"), {"crashed", "graded", "memory"}),
    "kill the parent": (inside("import os\nos.kill(os.getppid(), 9)"), {"crashed", "graded", "memory"}),
    "stopped": (inside("import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)\nwhile True:\n    pass"), {"timeout"}),
    "an exception that is no error": (inside("raise BaseException('no')"), {"crashed", "graded"}),
    "an interrupt from the keyboard": (inside("raise KeyboardInterrupt"), {"crashed", "graded"}),
}  # fmt: skip
