"""The one switch of the course: which world a notebook runs in.

`toy` (default) needs no network and no GPU. `distilbert` runs the same notebooks with
`distilbert-base-uncased` on real Natural Questions. Choose with the environment variable `DPR_TRACK`,
or with `get_track("distilbert")`.
"""

import os
from dataclasses import dataclass

from dpr_course import data, encoders


@dataclass(frozen=True)
class Track:
    """Encoder, data and training settings that belong together."""

    name: str
    encoder: str  # name or path, see dpr_course.encoders
    max_length: int  # tokens of a question or a passage
    batch_size: int  # questions in a batch
    learning_rate: float
    epochs: int

    def load_data(self):
        """Returns training samples, validation samples and the passages of the knowledge base."""
        if self.name == "toy":
            return data.load_toy_nq()
        return data.load_nq(os.environ.get("DPR_DATA", "data/nq"))

    def load_tokenizer(self):
        return encoders.load_tokenizer(self.encoder)

    def load_encoder(self):
        """A new encoder with the pre-trained weights; each call returns its own copy."""
        return encoders.load_encoder(self.encoder)


TRACKS = {
    "toy": Track("toy", encoder="toy", max_length=100, batch_size=64, learning_rate=3e-4, epochs=8),
    "distilbert": Track(
        "distilbert", encoder="distilbert-base-uncased", max_length=100, batch_size=128, learning_rate=1e-4, epochs=5
    ),
}


def get_track(name=None):
    """The track called `name`, by default the one in `DPR_TRACK`, else `toy`."""
    name = name or os.environ.get("DPR_TRACK", "toy")
    if name not in TRACKS:
        raise ValueError(f"unknown track {name!r}: DPR_TRACK must be one of {', '.join(TRACKS)}")
    return TRACKS[name]
