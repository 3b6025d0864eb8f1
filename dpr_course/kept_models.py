"""Keeps trained models on disk, so that a restarted notebook loads its model instead of training it again.

A kept model is loaded only if the starting weights, the data, the settings, the student's code and this package are unchanged.
Nothing is loaded or written if DPR_REPORT is set (a report is being made), if NBGRADER_EXECUTION is set (nbgrader is executing a
notebook), or if DPR_FRESH is set (the user wants to train again).
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

    The default lies outside the course's folder, so students do not hand in kept models with their work.
    """
    return Path(os.environ.get("DPR_KEPT") or Path.home() / ".cache" / "dpr-course")


def kept(name, model, fit):
    """Train `model` with `fit()`, or load the trained weights that an identical earlier run kept. Return the run's History.

    name   name of the run, such as "04_nce"; for each name, the last run is kept in the file `NAME-SIGNATURE.pt` in `folder()`
    model  the model, which is changed in place
    fit    function without arguments that trains `model` and returns a History (see dpr_course.train); two runs are identical
           if their `signature(fit)` is equal
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
    """Return a hash, 16 hexadecimal digits, of everything that the outcome of the function `fit` depends on.

    The hash covers the code, settings, data and weights that `fit` uses, the version of torch, and this package without its
    checks. A value whose `repr` shows only its memory address gives another hash in each kernel, so the model is trained again.
    """
    digest = hashlib.sha256(torch.__version__.encode())
    for path in sorted(p for p in Path(__file__).parent.rglob("*.py") if p.parent.name != "checks"):
        digest.update(path.read_bytes())
    for text in _parts(fit, set()):
        digest.update(text if isinstance(text, bytes) else f"{text}\n".encode())
    return digest.hexdigest()[:16]


def _parts(value, seen):
    """Yield texts and bytes that together describe the content of `value`, for `signature` to hash.

    The content of a student's function or class is its code and everything that the code uses. `seen` is the set of the
    `id()` of the objects that were visited already; the objects that this call visits are added.
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
    """Return what a code object consists of and uses, as a list: its bytecode, its constants, and the globals that it reads.

    `names` is the dict of the globals. The code of nested functions is included.
    """
    used = [code.co_code, *(c for c in code.co_consts if not isinstance(c, types.CodeType))]
    reads = {i.argval for i in dis.get_instructions(code) if i.opname in ("LOAD_GLOBAL", "LOAD_NAME")}
    used += [names[name] for name in sorted(reads & names.keys())]
    for inner in code.co_consts:
        if isinstance(inner, types.CodeType):
            used += _used_by(inner, names)
    return used
