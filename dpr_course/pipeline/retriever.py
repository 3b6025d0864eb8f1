"""The class Retriever: two encoders and a tokenizer, saved together in one folder. Students build the same parts by hand.

    model/retriever.json       format, tied (whether one encoder serves both sides), max_length (tokens), fingerprint
    model/query_encoder/       written by save_pretrained
    model/passage_encoder/     written by save_pretrained; absent if the encoders are tied
    model/tokenizer/

`dpr-course train` and the commands after it read and write this folder.
"""

import hashlib
import json
from pathlib import Path

import torch
from torch import nn

from dpr_course.embed import embed_passages, embed_questions
from dpr_course.encoders import load_encoder, load_tokenizer, save_tokenizer
from dpr_course.errors import CourseError
from dpr_course.files import replacing
from dpr_course.pipeline.first_token import first_vector
from dpr_course.pipeline.mismatch import refuse_short, refuse_unfit, tell_unknown

FORMAT = "dpr-course retriever 1"


class RetrieverError(CourseError):
    """Raised if a folder does not hold what `Retriever.save` wrote, or if an encoder does not fit its tokenizer or the texts.

    The message says what is wrong and what to do.
    """


class Retriever(nn.Module):
    """A query encoder, a passage encoder and the tokenizer with which both were trained.

    query_encoder, passage_encoder   modules whose output has `last_hidden_state` (B, T, d); one and the same module if tied
    max_length                       largest number of tokens of a question or passage; longer ones are cut
    """

    def __init__(self, query_encoder, passage_encoder, tokenizer, max_length=100):
        super().__init__()
        self.query_encoder = query_encoder
        self.passage_encoder = passage_encoder
        self.tokenizer = tokenizer
        self.max_length = max_length

    @property
    def tied(self):
        return self.query_encoder is self.passage_encoder

    @classmethod
    def from_pretrained(cls, name="toy", tied=False, max_length=100):
        """Return an untrained retriever with the encoder `name` (see dpr_course.encoders) for questions and passages.

        Raises RetrieverError if the tokenizer or `max_length` does not fit the encoder.
        """
        query_encoder, tokenizer = load_encoder(name), load_tokenizer(name)
        try:
            refuse_unfit(tokenizer, query_encoder)
            refuse_short(query_encoder, max_length)
        except ValueError as e:
            raise RetrieverError(f"{name}: {e}") from None
        return cls(query_encoder, query_encoder if tied else load_encoder(name), tokenizer, max_length)

    def forward(self, Q=None, Q_mask=None, P=None, P_mask=None):
        """Return the vectors X (B, d) of the questions and Y (N, d) of the passages. X is None without Q, and Y without P.

        Q, Q_mask  (B, T) token ids and mask of the questions, or None
        P, P_mask  (N, T') token ids and mask of the passages, or None
        """
        X = first_vector(self.query_encoder, Q, Q_mask) if Q is not None else None  # (B, d)
        Y = first_vector(self.passage_encoder, P, P_mask) if P is not None else None  # (N, d)
        return X, Y

    def encode_questions(self, questions, batch_size=64):
        """Return the vectors of a list of strings, (N, d) in float32 on the CPU."""
        return embed_questions(self, [{"question": q} for q in questions], self.tokenizer, self.max_length, batch_size)

    def encode_passages(self, passages, batch_size=64):
        """Return the vectors of a list of passages, dicts with title and text, (N, d) in float32 on the CPU."""
        return embed_passages(self, passages, self.tokenizer, self.max_length, batch_size)

    def tell_unknown(self, texts):
        """Print the share of [UNK] tokens in the first 500 `texts` if it is at least 20 %. At 90 % or more, raise RetrieverError."""
        try:
            tell_unknown(self.tokenizer, texts)
        except ValueError as e:
            raise RetrieverError(str(e)) from None

    def fingerprint(self):
        """Return 16 hexadecimal digits that identify all that the passage vectors depend on: weights, tokenizer, max_length.

        Passage vectors must be searched only with question vectors from a retriever with the same fingerprint.
        """
        digest = hashlib.sha256(str(self.max_length).encode())
        for name, weight in sorted(self.passage_encoder.state_dict().items()):
            digest.update(f"{name} {tuple(weight.shape)}".encode())
            digest.update(weight.detach().to("cpu", torch.float32).contiguous().numpy().tobytes())
        digest.update(_tokenizer_text(self.tokenizer).encode())
        return digest.hexdigest()[:16]

    def save(self, folder, extras=None):
        """Write the retriever to `folder`. A retriever that is already there is replaced once the new one is complete.

        `extras` is {file name: text}: further files to write, for example the configuration of the run. Raises RetrieverError
        if `folder` holds anything other than a retriever.
        """
        folder = Path(folder)
        refuse_foreign(folder)
        about = {"format": FORMAT, "tied": self.tied, "max_length": self.max_length, "fingerprint": self.fingerprint()}
        with replacing(folder) as part:
            part.mkdir()
            self.query_encoder.save_pretrained(part / "query_encoder")
            if not self.tied:
                self.passage_encoder.save_pretrained(part / "passage_encoder")
            save_tokenizer(self.tokenizer, part / "tokenizer")
            for name, text in {**(extras or {}), "retriever.json": json.dumps(about, indent=1) + "\n"}.items():
                (part / name).write_text(text, encoding="utf-8")

    @classmethod
    def load(cls, folder):
        """Load the retriever that `save` wrote, in float32, in evaluation mode and on the CPU.

        Raises RetrieverError if the folder is missing, incomplete, or does not hold the weights that were saved.
        """
        folder = Path(folder)
        about = _about(folder)
        try:
            query_encoder = load_encoder(folder / "query_encoder")
            passage_encoder = query_encoder if about["tied"] else load_encoder(folder / "passage_encoder")
            model = cls(query_encoder, passage_encoder, load_tokenizer(folder / "tokenizer"), about["max_length"])
        except OSError as e:
            raise RetrieverError(f"{folder}: {e}") from None
        try:
            ids = torch.tensor(model.tokenizer(["a"], truncation=True, max_length=model.max_length).input_ids)  # (1, T)
            with torch.inference_mode():
                model(ids, torch.ones_like(ids), ids, torch.ones_like(ids))
        except Exception as e:  # settings that do not fit the weights raise an error only when the model runs
            raise RetrieverError(f"{folder}: its encoders or its tokenizer are damaged ({e}); save the retriever again") from None
        if model.fingerprint() != about["fingerprint"]:
            raise RetrieverError(
                f"{folder}: the passage encoder or tokenizer is not the one that was saved (fingerprint {model.fingerprint()}, "
                f"retriever.json says {about['fingerprint']}): a file has been replaced; save the retriever again"
            )
        return model.eval()


def refuse_foreign(folder):
    """Raise RetrieverError if `folder` holds anything except a saved retriever, because saving would delete it."""
    if folder.exists() and not (folder.is_dir() and ((folder / "retriever.json").exists() or not any(folder.iterdir()))):
        raise RetrieverError(f"{folder}: the folder holds something else, which is left alone; choose another folder")


def _about(folder):
    """Return the content of retriever.json in `folder`, a dict. Raises RetrieverError if the file is missing or not valid."""
    path = folder / "retriever.json"
    if not path.is_file():
        what = "no such folder" if not folder.is_dir() else "not a saved retriever, since it holds no retriever.json"
        raise RetrieverError(f"{folder}: {what}. Make one with `dpr-course train CONFIG.yaml --out {folder}`")
    try:
        about = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as e:
        raise RetrieverError(f"{path}: not valid JSON ({e})") from None
    if not isinstance(about, dict) or about.get("format") != FORMAT:
        raise RetrieverError(f"{path}: field 'format' must be {FORMAT!r}; this course reads no other")
    for name, kind in (("tied", bool), ("max_length", int), ("fingerprint", str)):
        if type(about.get(name)) is not kind:
            raise RetrieverError(f"{path}: field {name!r} must be {kind.__name__}, but is {about.get(name)!r}")
    return about


def _tokenizer_text(tokenizer):
    """Return the settings of a tokenizer as text, except padding and truncation, which every call of the tokenizer sets anew.

    For a tokenizer that is not a fast one, the text is its vocabulary.
    """
    if not tokenizer.is_fast:
        return json.dumps(tokenizer.get_vocab(), sort_keys=True)
    content = json.loads(tokenizer.backend_tokenizer.to_str())
    return json.dumps({k: v for k, v in content.items() if k not in ("padding", "truncation")}, sort_keys=True)
