"""The track: the encoder, the data and the training settings that all notebooks use. There are two tracks to choose from.

The track `toy` (the default) needs no network and no GPU. `distilbert` runs the same notebooks with `distilbert-base-uncased`
on real Natural Questions. The environment variable `DPR_TRACK` names the track; code may also call `get_track("distilbert")`.
Three more environment variables replace parts of a track by your own:

DPR_DATA      a file of questions (a third of them are for training), or a folder with `nq-train.json` and `nq-dev.json`
DPR_ENCODER   an encoder, given as a folder or as its name on Hugging Face
DPR_READER    a T5 for stages 09 and 10, given as a folder or as its name on Hugging Face

Give absolute paths: each notebook runs in its own folder.
"""

import os
from dataclasses import dataclass, replace

from dpr_course import data, encoders


@dataclass(frozen=True)
class Track:
    """A track: an encoder, data and training settings that belong together."""

    name: str
    encoder: str  # name or path, see dpr_course.encoders
    max_length: int  # maximum number of tokens of a question or a passage
    batch_size: int  # questions per batch
    learning_rate: float
    epochs: int

    @property
    def data_path(self):
        """The path of the questions, a file or a folder; None if they are the toy NQ that ships with the course."""
        return os.environ.get("DPR_DATA") or ("data/nq" if self.name == "distilbert" else None)

    @property
    def reader(self):
        """The name or folder of the reader, the T5 that answers questions: `DPR_READER` if it is set, else the track's own."""
        return os.environ.get("DPR_READER") or ("toy" if self.name == "toy" else "t5-small")

    @property
    def is_recorded(self):
        """True if the recorded results that ship with the course (bands.json) were made with this track's encoder and data."""
        return self.name == self.encoder == "toy" and self.data_path is None

    def load_data(self):
        """Return (training samples, validation samples, passages of the knowledge base), as described in dpr_course.data."""
        if self.data_path is None:
            return data.load_toy_nq()
        return data.load_own(self.data_path) if os.path.isfile(self.data_path) else data.load_nq(self.data_path)

    def load_tokenizer(self):
        return encoders.load_tokenizer(self.encoder)

    def load_encoder(self):
        """Return the track's encoder with its pre-trained weights. Each call returns a new module."""
        return encoders.load_encoder(self.encoder)


TRACKS = {
    "toy": Track("toy", encoder="toy", max_length=100, batch_size=32, learning_rate=3e-4, epochs=5),
    "distilbert": Track(
        "distilbert", encoder="distilbert-base-uncased", max_length=100, batch_size=128, learning_rate=1e-4, epochs=5
    ),
}


def get_track(name=None):
    """Return the Track `name`; by default the track that the environment variable `DPR_TRACK` names, or `toy` if it is not set.

    If `DPR_ENCODER` is set, it replaces the track's encoder. Raises ValueError for an unknown name.
    """
    name = name or os.environ.get("DPR_TRACK", "toy")
    if name not in TRACKS:
        raise ValueError(f"unknown track {name!r}: DPR_TRACK must be one of {', '.join(TRACKS)}")
    track = TRACKS[name]
    return replace(track, encoder=os.environ["DPR_ENCODER"]) if os.environ.get("DPR_ENCODER") else track
