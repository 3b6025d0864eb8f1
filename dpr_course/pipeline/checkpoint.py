"""The file with the state of a training run, saved after each epoch.

An interrupted run continues from this file and gives the same result as an uninterrupted one.
"""

from dataclasses import asdict
from pathlib import Path

import torch

from dpr_course.errors import CourseError
from dpr_course.files import replacing
from dpr_course.pipeline.distributed import gather, rank, world
from dpr_course.runtime import device_of
from dpr_course.train import History, Progress


class Checkpoint:
    """The file that holds the state of one training run.

    The name of the file must depend on all settings of the run, so that two different runs never use the same file.
    """

    def __init__(self, path):
        self.path = Path(path)

    def load(self, parts):
        """Load the saved states into `parts` (model, optimizer, schedule), and restore the random state of this process.

        Return the saved Progress, which holds the history so far and the best weights, or None if there is no file. Raise
        CourseError if the file was saved by a run with a different number of processes.
        """
        if not self.path.exists():
            return None
        kept = torch.load(self.path, map_location="cpu", weights_only=True)
        if len(kept["rng"]) != world():
            raise CourseError(
                f"{self.path} belongs to a run in {len(kept['rng'])} processes, but this one has {world()}: start the same number"
            )
        for part, state in zip(parts, kept["states"], strict=True):
            part.load_state_dict(state)
        torch.set_rng_state(kept["rng"][rank()])
        return Progress(History(**kept["history"]), kept["best"], kept["best_score"])

    def save(self, parts, done):
        """Save the states of `parts` (model, optimizer, schedule), the Progress `done`, and each process's random state.

        In a run of several processes, all processes call `save`, and the first one (rank 0) writes the file.
        """
        states = [s.cpu() for s in gather(torch.get_rng_state().to(device_of(parts[0])))]
        kept = {"history": asdict(done.history), "best": done.best, "best_score": done.best_score, "rng": states}
        if rank() == 0:
            with replacing(self.path) as part:
                torch.save({**kept, "states": [p.state_dict() for p in parts]}, part)
