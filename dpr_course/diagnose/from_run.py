"""Makes a Case from a folder that `dpr-course train` wrote.

The fingerprint in retriever.json identifies the passage encoder. `Retriever.load` refuses a folder if the fingerprint does not
fit the weights. This module reads such a folder too, so that the diagnosis can name the fault.
"""

import json
from dataclasses import replace
from pathlib import Path

from dpr_course.data import DataError
from dpr_course.diagnose.case import Case, DiagnoseError, Settings
from dpr_course.encoders import load_encoder, load_tokenizer
from dpr_course.pipeline.config import ConfigError, load_config
from dpr_course.pipeline.features import FeaturesError, with_negatives
from dpr_course.pipeline.retriever import Retriever
from dpr_course.pipeline.run import load_run_data
from dpr_course.train import History


def case_from_run(folder, data=None):
    """Return the Case of a run's folder.

    `data` is a run's YAML file. If it is given, the data that it names are used, and not those that the folder's config.yaml
    names. Raises DiagnoseError if the folder holds no retriever or if the data cannot be read. Other files may be missing; what
    depends on them is then not measured.
    """
    folder = Path(folder)
    about = _json(folder / "retriever.json", required=True)
    config = folder / "config.yaml"
    try:
        run = load_config(data or config)
    except ConfigError as e:
        raise DiagnoseError(f"{e}\nThe run's data cannot be found: give a run's file with --data RUN.yaml") from None
    model = _retriever(folder, about)
    notes = {"fingerprint": _fingerprint(model, about)}
    try:
        fit, held_out, validation, passages = load_run_data(run)
    except (DataError, OSError) as e:
        raise DiagnoseError(f"{data or config}: {e}") from None
    hard = sum("hard_negative" in s for s in fit)
    try:
        samples, report = with_negatives(fit, run.data.missing_negative, run.schedule.seed)
        notes["filled"] = report.lacking
    except FeaturesError:
        samples = fit
    notes["hard_given"] = hard
    start, start_tokenizer = _start(run)
    history, results = _json(folder / "history.json"), _json(folder / "results.json")
    s = run.schedule
    return Case(
        model, model.tokenizer, name=str(folder), max_length=model.max_length, train=samples, held_out=held_out,
        validation=validation, passages=passages, start=start, start_tokenizer=start_tokenizer, masks_copies=True,
        history=_history(history), reported={int(k): v for k, v in (results or {}).get("trained", {}).items()} or None,
        settings=Settings(s.batch_size, True, run.optimiser.learning_rate, bool(run.model.tied), s.seed, s.epochs), notes=notes,
    )  # fmt: skip


def with_files(case, vectors=None, hits=None):
    """Return a copy of the case with passage vectors and hits read from files; a file may be None.

    `vectors` is a file that `dpr-course encode` wrote, and `hits` is a TREC run (search results) that `dpr-course reduce` wrote.
    """
    from dpr_course.pipeline.trec import read_run
    from dpr_course.pipeline.vectors import load_vectors

    if vectors:
        case = replace(case, vectors=load_vectors(vectors))
    return replace(case, hits=read_run(hits)) if hits else case


def _json(path, required=False):
    """Return the content of a JSON file; None if it is missing. If it is missing and required, raise DiagnoseError."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError:
        if required:
            what = (
                "no such folder" if not path.parent.is_dir() else "not a run of `dpr-course train`, since it holds no " + path.name
            )
            raise DiagnoseError(f"{path.parent}: {what}. Make one with `dpr-course train toy --out {path.parent}`") from None
        return None
    except ValueError as e:
        raise DiagnoseError(f"{path}: not valid JSON ({e})") from None


def _history(record):
    """Return the History made from `record`, the content of history.json; None if `record` is None.

    Raises DiagnoseError if the record has other fields than a History.
    """
    try:
        return None if record is None else History(**record)
    except TypeError as e:
        raise DiagnoseError(f"history.json is not what `dpr-course train` writes ({e})") from None


def _retriever(folder, about):
    """Return the Retriever in a folder, on the CPU and in evaluation mode. `about` is the content of retriever.json.

    Unlike `Retriever.load`, the function does not check that the fingerprint fits the weights.
    """
    try:
        query = load_encoder(folder / "query_encoder")
        passage = load_encoder(folder / "passage_encoder") if (folder / "passage_encoder").is_dir() else query
        return Retriever(query, passage, load_tokenizer(folder / "tokenizer"), int(about.get("max_length", 100))).eval()
    except (OSError, ValueError, TypeError, AttributeError) as e:
        raise DiagnoseError(f"{folder}: its encoders or its tokenizer cannot be loaded ({e})") from None


def _fingerprint(model, about):
    """Return which encoder of `model` the fingerprint belongs to; `about` is the content of retriever.json, which may hold it.

    "right": the passage encoder, or there is no fingerprint; "exchanged": the query encoder; "other": neither of them.
    """
    if "fingerprint" not in about or model.fingerprint() == about["fingerprint"]:
        return "right"
    turned = Retriever(model.passage_encoder, model.query_encoder, model.tokenizer, model.max_length)
    return "exchanged" if turned.fingerprint() == about["fingerprint"] else "other"


def _start(run):
    """Return the retriever of a run before training, and its tokenizer. Both are None if the encoder cannot be loaded."""
    try:
        encoder, tokenizer = load_encoder(run.model.encoder), load_tokenizer(run.model.encoder)
    except OSError:
        return None, None
    other = encoder if run.model.tied else load_encoder(run.model.encoder)
    return Retriever(encoder, other, tokenizer, run.model.max_length).eval(), tokenizer
