"""Trained models kept on disk, so that a notebook that is started again loads its model and does not train again.

A kept model is loaded only if the starting weights, the data, the settings, the student's code and this package are unchanged.
Nothing is loaded or written while a report is made (DPR_REPORT), while nbgrader executes a notebook, or with DPR_FRESH=1 in the
environment.
"""

import dis
import hashlib
import os
import time
import types
from dataclasses import asdict
from pathlib import Path

import torch

from dpr_course.files import replacing
from dpr_course.train import History

OWN = ("__main__", "previous")  # the modules that hold a student's code


def folder():
    """Return the folder of kept models: the value of DPR_KEPT, by default `~/.cache/dpr-course`.

    It lies outside the course's folder, so models are not handed in.
    """
    return Path(os.environ.get("DPR_KEPT") or Path.home() / ".cache" / "dpr-course")


def kept(name, model, fit):
    """Load the weights that an identical run has kept into `model`, or else train it with `fit()`. Return the run's History.

    name   name of the run, such as "04_nce"; the last run of each name is kept, as `NAME-SIGNATURE.pt` in `folder()`
    model  trained or loaded in place
    fit    function without arguments that trains `model` and returns a History; runs with equal `signature(fit)` are identical
    """
    if any(os.environ.get(v) for v in ("DPR_REPORT", "NBGRADER_EXECUTION", "DPR_FRESH")):
        return fit()
    path = folder() / f"{name}-{signature(fit)}.pt"
    if history := _load(path, model):
        made = time.strftime("%d %B, %H:%M", time.localtime(path.stat().st_mtime))
        print(f"Not trained again: loaded the weights of {made}, trained by the same code on the same data.")
        print(f"To train again, delete {path}")
        return history
    history = fit()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as part:
            torch.save({"weights": model.state_dict(), "history": asdict(history)}, part)
        for old in set(path.parent.glob(f"{name}-{'?' * 16}.pt")) - {path}:
            old.unlink()
    except (OSError, RuntimeError) as e:  # a full disk or a read-only home: the training is not lost
        print(f"The trained model could not be kept in {path.parent} ({e}): after a restart of the kernel it is trained again.")
    return history


def _load(path, model):
    """Load the weights in the file `path` into `model`. Return the run's History, or None if the file is missing or damaged."""
    try:
        found = torch.load(path, map_location="cpu", weights_only=True)
        history = History(**found["history"])
        model.load_state_dict(found["weights"])
    except Exception:  # a damaged file may raise anything; the model is then trained and the file replaced
        return None
    model.eval()
    return history


def signature(fit):
    """Return 16 hexadecimal digits that identify everything that the function `fit` uses.

    They cover code, settings, data, weights, the version of torch, and this package without its checks. A value that cannot be
    compared by its content counts as changed, so the model is trained again.
    """
    digest = hashlib.sha256(torch.__version__.encode())
    for path in sorted(p for p in Path(__file__).parent.rglob("*.py") if p.parent.name != "checks"):
        digest.update(path.read_bytes())
    for text in _parts(fit, set()):
        digest.update(text if isinstance(text, bytes) else f"{text}\n".encode())
    return digest.hexdigest()[:16]


def _parts(value, seen):
    """Yield the parts of `value` as text and bytes. For code that a student may have written, these include all that it uses.

    `seen` holds the ids of the objects that were visited already.
    """
    if isinstance(value, torch.Tensor):
        yield value.detach().cpu().contiguous().reshape(-1).view(torch.uint8).numpy().tobytes()
        return
    if not isinstance(value, (torch.nn.Module, types.FunctionType, type)):
        yield sorted(map(repr, value)) if isinstance(value, (set, frozenset)) else repr(value)
        return
    yield f"{type(value).__name__} {getattr(value, '__qualname__', '')}"
    if id(value) in seen:
        return
    seen.add(id(value))
    if isinstance(value, torch.nn.Module):
        inner = [type(value), repr(value), *(x for pair in value.state_dict().items() for x in pair)]
    elif isinstance(value, type):
        inner = [v for k, v in vars(value).items() if not k.startswith("__") or callable(v)] if value.__module__ in OWN else []
    else:
        closure = [cell.cell_contents for cell in value.__closure__ or ()]
        inner = [*(value.__defaults__ or ()), *(value.__kwdefaults__ or {}).values(), *closure]
        if value.__module__ in OWN:
            inner += _used_by(value.__code__, value.__globals__)
    for part in inner:
        yield from _parts(part, seen)


def _used_by(code, names):
    """Return the instructions and constants of compiled code, and the values of the global names that it reads."""
    used = [code.co_code, *(c for c in code.co_consts if not isinstance(c, types.CodeType))]
    reads = {i.argval for i in dis.get_instructions(code) if i.opname in ("LOAD_GLOBAL", "LOAD_NAME")}
    used += [names[name] for name in sorted(reads & names.keys())]
    for inner in code.co_consts:
        if isinstance(inner, types.CodeType):
            used += _used_by(inner, names)
    return used
