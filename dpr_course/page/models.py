"""Loads a retriever for the page by name, from a folder, or from a student's model. Refuses one that the page cannot run."""

from pathlib import Path

import torch

from dpr_course import kept_models
from dpr_course.errors import CourseError
from dpr_course.page.tokenizers import why_not
from dpr_course.pipeline.retriever import Retriever
from dpr_course.results import NAMES as NAMES_OF_ROWS

MOST_WEIGHTS = 8_000_000  # maximum for a query encoder, which then takes about 8 MB of the page and 15 ms per question
MAX_LENGTH = 100  # maximum number of tokens of a text in the notebooks' own models
NAMES = {"bm25": "BM25", "untrained": "untrained"}
KEPT = {f"{stage}_{name}": NAMES_OF_ROWS[name] for stage in ("04", "05") for name in ("nce", "nce_hard")}


class PageError(CourseError):
    """Raised if a model or a file cannot be put into a page. The message names the model or file and says why."""


def labelled(model):
    """Return (label, model) for a command-line argument "MODEL" or "LABEL=MODEL".

    Without a LABEL, the label is made from the MODEL. An argument that is an existing path is a MODEL, even if it contains "=".
    """
    label, found, rest = model.partition("=")
    if found and label and rest and not Path(model).exists():
        return label, rest
    return {**NAMES, **KEPT}.get(model) or Path(model).stem or model, model


def load(name):
    """Return the Retriever `name`: "untrained", a folder that `dpr-course train` wrote, or the name or file of a kept model.

    A kept model is one that a notebook of stage 04 or 05 trained and stored, such as "04_nce", see dpr_course.kept_models.
    Raises PageError if there is no such model or the page cannot run it, and RetrieverError if the folder is incomplete.
    """
    if name == "untrained":
        return Retriever.from_pretrained("toy", tied=True, max_length=MAX_LENGTH)
    path = Path(name)
    if path.is_dir():
        retriever = Retriever.load(path)
        refuse(retriever, name)
        return retriever
    if path.suffix == ".pt" and path.is_file():
        return load_kept(path)
    files = sorted(kept_models.folder().glob(f"{name}-{'?' * 16}.pt")) if path.name == name else []
    if files:
        return load_kept(max(files, key=lambda p: p.stat().st_mtime))
    there = sorted({p.stem[:-17] for p in kept_models.folder().glob(f"*-{'?' * 16}.pt")})
    told = f"it holds {', '.join(there)}" if there else "nothing is kept there: train it in stage 04 or 05 first"
    raise PageError(
        f"{name}: neither bm25, untrained, a folder of `dpr-course train`, nor a model that a notebook kept in {kept_models.folder()} ({told})"
    )


def load_kept(path):
    """Return the Retriever with the weights in the file `path`, in which a notebook of stage 04 or 05 kept its model.

    Raises PageError if the file does not hold the weights of a DualEncoder over the toy encoder.
    """
    try:
        weights = torch.load(path, map_location="cpu", weights_only=True)["weights"]
    except Exception as e:  # a damaged file may raise anything
        raise PageError(f"{path}: not a model that a notebook kept ({type(e).__name__}); train it again in its notebook") from None
    retriever = Retriever.from_pretrained("toy", max_length=MAX_LENGTH)
    for side in ("query_encoder", "passage_encoder"):
        part = {k.removeprefix(f"{side}.backbone."): w for k, w in weights.items() if k.startswith(f"{side}.backbone.")}
        try:
            getattr(retriever, side).load_state_dict(part)
        except RuntimeError:
            raise PageError(
                f"{path}: its {side} does not have the weights of the toy encoder, the only one that the page can run; train it with "
                "DPR_TRACK=toy and without DPR_ENCODER, and with the classes of stage 01"
            ) from None
    return retriever.eval()


def from_notebook(model, tokenizer, max_length=MAX_LENGTH):
    """Return a Retriever made of a student's model, a DualEncoder as in stage 01. A Retriever is returned as it is.

    The vectors on the page are the [CLS] vectors of `model.query_encoder.backbone` and `model.passage_encoder.backbone`. Raises
    PageError if the model lacks a backbone, if it returns other vectors, or if the page cannot run its encoder or tokenizer.
    """
    if isinstance(model, Retriever):
        refuse(model, "this model")
        return model
    sides = [getattr(getattr(model, side, None), "backbone", None) for side in ("query_encoder", "passage_encoder")]
    if None in sides:
        raise PageError("this model has no query_encoder.backbone and passage_encoder.backbone: give a DualEncoder of stage 01")
    retriever = Retriever(*sides, tokenizer, max_length).train(model.training)
    refuse(retriever, "this model")
    batch = tokenizer(["who discovered penicillin", "a"], padding=True, return_tensors="pt")
    ids, mask = batch["input_ids"], batch["attention_mask"]  # (2, T)
    device = next(model.parameters()).device
    ids, mask, was_training = ids.to(device), mask.to(device), model.training
    model.eval()
    with torch.inference_mode():
        pairs = zip(model(ids, mask, ids, mask), retriever(ids, mask, ids, mask))
        same = all(torch.allclose(own, cls, rtol=1e-3, atol=1e-3) for own, cls in pairs)
    model.train(was_training)
    if not same:
        raise PageError("this model's vectors are not the [CLS] vectors of its backbones, and the page computes only those")
    return retriever


def refuse(retriever, name):
    """Raise PageError if the page cannot run the retriever's query encoder or its tokenizer. `name` is used in the message."""
    encoder = retriever.query_encoder
    config, size = encoder.config, sum(w.numel() for w in encoder.parameters())
    need = (
        f"A page for it would need its {size / 1e6:.0f} million weights (about {size * 1.15 / 1e6:.0f} MB in int8) and a compiled "
        "runtime such as onnxruntime-web; in Python, `dpr-course search` and the cell of stage 07 that answers typed questions take it"
    )
    if config.model_type != "distilbert" or config.activation != "gelu":
        kind = config.model_type if config.model_type != "distilbert" else f"distilbert with the activation {config.activation}"
        raise PageError(f"{name}: its encoder is of type {kind}, and the page runs only small ones of type distilbert. {need}")
    if size > MOST_WEIGHTS:
        raise PageError(
            f"{name}: its encoder has {size / 1e6:.0f} million weights, and the page takes at most {MOST_WEIGHTS // 10**6} million. {need}"
        )
    if config.dim % 4 or config.hidden_dim % 4:
        raise PageError(f"{name}: its encoder is {config.dim} by {config.hidden_dim} wide, and the page needs multiples of 4")
    if reason := why_not(retriever.tokenizer):
        raise PageError(f"{name}: {reason}. {need}")
