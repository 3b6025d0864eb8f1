"""The state of a training run on disk, after each epoch: a run that was stopped goes on and ends as if it had never stopped."""

from dataclasses import asdict
from pathlib import Path

import torch

from dpr_course.files import replacing
from dpr_course.pipeline.distributed import gather, rank, world
from dpr_course.runtime import device_of
from dpr_course.train import History, Progress


class Checkpoint:
    """The file that keeps the state of one run. Name it after whatever shapes the run: it must never be another run's."""

    def __init__(self, path):
        self.path = Path(path)

    def load(self, parts):
        """Put the kept states into `parts` (model, optimizer, schedule) and return the Progress; None if there is no file.

        Each rank gets its own random state back. Raises ValueError if the run had another number of processes.
        """
        if not self.path.exists():
            return None
        kept = torch.load(self.path, map_location="cpu", weights_only=True)
        if len(kept["rng"]) != world():
            raise ValueError(f"{self.path} is of a run in {len(kept['rng'])} processes, this one has {world()}: start as many")
        for part, state in zip(parts, kept["states"], strict=True):
            part.load_state_dict(state)
        torch.set_rng_state(kept["rng"][rank()])
        return Progress(History(**kept["history"]), kept["best"], kept["best_score"])

    def save(self, parts, done):
        """Keep the states of `parts` (model, optimizer, schedule) and the Progress `done`. The first rank writes."""
        states = [s.cpu() for s in gather(torch.get_rng_state().to(device_of(parts[0])))]
        kept = {"history": asdict(done.history), "best": done.best, "best_score": done.best_score, "rng": states}
        if rank() == 0:
            with replacing(self.path) as part:
                torch.save({**kept, "states": [p.state_dict() for p in parts]}, part)
