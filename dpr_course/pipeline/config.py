"""Reads the YAML file that describes a training run, for `dpr-course train` and notebook 07.

Every key has a default, so an empty file also describes a run; `assets/configs/toy.yaml` lists all keys. Paths in the file are
relative to the file's folder. PyYAML reads the file, and pydantic checks types and ranges. This module adds the key and the line
number to their error messages.
"""

import difflib
import re
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from dpr_course.errors import CourseError
from dpr_course.files import ASSETS

CONFIGS = ASSETS / "configs"
WORLDS = ("toy", "nq")  # names of data sets: the shipped toy data; Natural Questions in the folder that DPR_DATA names


class ConfigError(CourseError):
    """Raised for mistakes in the YAML file. The message has one line per mistake: file, line, key, and what is wrong."""


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class Model(Section):
    encoder: str = "toy"  # "toy", a folder saved with save_pretrained, or a name at Hugging Face
    tied: bool = False  # whether one encoder serves questions and passages
    max_length: int = Field(100, ge=8, le=512)  # maximum number of tokens of a question or a passage


class Data(Section):
    train: str = "toy"  # "toy", "nq" or a file of samples
    validation: str = "toy"  # the questions whose accuracy is reported
    passages: str = "toy"  # the passages to search: "toy", "nq", a file, or "gold" (the gold passages of train and validation)
    format: Literal["course", "dpr"] = "course"  # the format of the files of samples
    held_out: int = Field(50, ge=0)  # number of training questions held out to choose the best epoch; with 0 the last epoch is kept
    missing_negative: Literal["drop", "random", "bm25"] = "bm25"  # what to do with samples without a hard negative


class Loss(Section):
    symmetric: float = Field(0.0, ge=0, le=1)  # weight of the passage -> question loss; 1/3 in the Cerebras Model Zoo


class Optimiser(Section):
    learning_rate: float = Field(3e-4, gt=0, le=1)
    weight_decay: float = Field(0.01, ge=0, le=1)
    max_grad_norm: float = Field(1.0, gt=0)


class Schedule(Section):
    epochs: int = Field(5, ge=1)
    batch_size: int = Field(32, ge=2)  # questions per batch; a batch of one has no in-batch negatives
    max_tokens: int | None = Field(None, ge=1)  # gradient cache: most tokens, with padding, in one graph; null: no gradient cache
    warmup: float = Field(0.1, ge=0, le=1)  # share of the steps in which the learning rate rises
    seed: int = Field(0, ge=0)


class Run(Section):
    """The settings of one training run, in five sections: model, data, loss, optimiser and schedule."""

    model: Model = Model()
    data: Data = Data()
    loss: Loss = Loss()
    optimiser: Optimiser = Optimiser()
    schedule: Schedule = Schedule()

    def to_yaml(self):
        """Return the run as YAML, with every default written out."""
        return yaml.safe_dump(self.model_dump(), sort_keys=False, allow_unicode=True)


class _Loader(yaml.SafeLoader):
    """A YAML loader that reads 3e-4 as a number, as YAML 1.2 says.

    PyYAML follows YAML 1.1, in which 3e-4 is text, because it has no decimal point.
    """

    def construct_object(self, node, deep=False):
        try:
            return super().construct_object(node, deep)
        except (ValueError, LookupError, AttributeError, TypeError):  # for example, for the date 2026-99-99 or for !!int three
            raise yaml.constructor.ConstructorError(None, None, f"{node.value!r} is not a {node.tag}", node.start_mark) from None


_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"[-+]?[0-9]+(\.[0-9]*)?[eE][-+]?[0-9]+$"), list("-+0123456789")
)


def load_config(path=CONFIGS / "toy.yaml"):
    """Read a YAML file and return the Run that it describes, with all paths made absolute.

    Raises ConfigError with one line per mistake: unknown or repeated key, wrong type, value out of range, missing file.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8")
        lines, problems = _lines(yaml.compose(text, _Loader))
        content = yaml.load(text, _Loader)
    except OSError as e:
        raise ConfigError(f"{path}: cannot be read ({e.strerror})") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{path}: not a text file in UTF-8") from None
    except yaml.YAMLError as e:
        mark = getattr(e, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        raise ConfigError(f"{path}{where}: not valid YAML ({getattr(e, 'problem', None) or e})") from None
    except RecursionError:
        raise ConfigError(f"{path}: not valid YAML (brackets are nested too deeply)") from None
    run = Run()
    if not isinstance(content, dict | None):
        problems.append(((), f"must hold the sections {', '.join(Run.model_fields)}, but is {type(content).__name__}"))
    elif not problems:
        try:
            run = Run.model_validate(content or {})
        except ValidationError as e:
            problems = [(error["loc"], _told(error)) for error in e.errors()]
        else:
            run, problems = _with_paths(run, path.parent)
    if problems:
        problems.sort(key=lambda found: _line(found[0], lines))
        raise ConfigError("\n".join(_place(path, key, lines) + problem for key, problem in problems))
    return run


def _lines(root):
    """Return the line numbers of all keys of a YAML document, and a list of problems. `root` is the document's root node.

    The line numbers are {key: line}, where a key is a tuple such as ("data", "train"). A problem is a pair (key, message); there
    is one for each key that is given twice.
    """
    lines, problems = {}, []

    def walk(node, above):
        if isinstance(node, yaml.MappingNode) and len(above) < 2:
            for key, value in node.value:
                place = (*above, str(key.value))
                if place in lines:
                    problems.append((place, f"is given twice, first in line {lines[place]}"))
                lines[place] = key.start_mark.line + 1
                walk(value, place)

    walk(root, ())
    return lines, problems


def _line(key, lines):
    """Return the line number of `key`, a tuple such as ("data", "train"), from `lines`, the dict that `_lines` returned.

    If the file lacks the key, return the line of the key's section; if the file lacks the section too, return 0.
    """
    return next((lines[key[:n]] for n in range(len(key), 0, -1) if key[:n] in lines), 0)


def _place(path, key, lines):
    line = _line(key, lines)
    return f"{path}{f', line {line}' if line else ''}: {'.'.join(map(str, key))}{' ' if key else ''}"


def _told(error):
    """Return a readable message for `error`, one of the dicts that pydantic's `ValidationError.errors()` returns."""
    if error["type"] == "extra_forbidden":
        section = Run if len(error["loc"]) == 1 else Run.model_fields[error["loc"][0]].annotation
        close = difflib.get_close_matches(str(error["loc"][-1]), section.model_fields, n=1)
        return "is not a known key; " + (
            f"did you mean {close[0]!r}?" if close else f"the known keys are {', '.join(section.model_fields)}"
        )
    if error["type"] == "model_type":
        section = Run.model_fields[error["loc"][0]].annotation
        return f"must be a section with keys such as {next(iter(section.model_fields))!r}, but is {error['input']!r}"
    return f"{error['msg'].replace('Input should be', 'must be')}, but is {error['input']!r}"


def _with_paths(run, folder):
    """Return a copy of the Run `run` with absolute paths, and a list of problems: (key, message) for each file that is missing.

    A relative path in `run` is taken as relative to `folder`.
    """
    problems, paths = [], {}
    for key, names in (("train", WORLDS), ("validation", WORLDS), ("passages", (*WORLDS, "gold"))):
        name = getattr(run.data, key)
        if name not in names:
            paths[key] = str((folder / name).resolve())
            if not Path(paths[key]).is_file():
                problems.append((("data", key), f"names a file that does not exist: {paths[key]}"))
    encoder = folder / run.model.encoder
    here = {"encoder": str(encoder.resolve())} if run.model.encoder != "toy" and encoder.is_dir() else {}
    return run.model_copy(update={"data": run.data.model_copy(update=paths), "model": run.model.model_copy(update=here)}), problems
