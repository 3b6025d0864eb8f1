"""The program that tests/reader/test_trainings.py starts as two processes. It runs the commands in the JSON file argv[1]."""

import json
import sys
from pathlib import Path

from dpr_course.cli import main
from dpr_course.pipeline.distributed import leave, process_group

if __name__ == "__main__":
    with process_group():
        for command in json.loads(Path(sys.argv[1]).read_text()):
            main(command)
    leave()
