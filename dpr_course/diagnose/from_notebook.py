"""The function `diagnose` for notebooks. It makes a Case from the objects of a notebook: History, model, data, functions."""

from pathlib import Path

from dpr_course.diagnose.case import Case, DiagnoseError, Settings, started_from
from dpr_course.diagnose.collate import measure_loss
from dpr_course.diagnose.from_run import case_from_run
from dpr_course.diagnose.judge import judge
from dpr_course.diagnose.measure import measure
from dpr_course.diagnose.report import Report
from dpr_course.track import get_track
from dpr_course.train import History


def diagnose(
    run=None, model=None, data=None, collate=None, loss_fn=None, *, tokenizer=None, held_out=(), untrained=None, batch_size=None,
    learning_rate=None, temperature=1.0, tied=None, seed=0, max_length=None, style="pair", score="dot", question_prefix="",
    passage_prefix="", encode=None, reported=None, candidates=None, vectors=None, hits=None, name="this run", seconds=15.0, only=None, tell=None,
):  # fmt: skip
    """Measure a training run and return a Report: its `findings` are sorted, the most likely first, and `print` shows it.

    run         the folder of a run (then all other arguments are optional), or the History that `train` returned, or None
    model       (Q, Q_mask, P, P_mask) -> X, Y: a DualEncoder of notebook 01, a Retriever, or any model that is called like
                these
    data        (training samples, validation samples, passages); the training samples are those handed to `train`, each with
                its "hard_negative" if hard negatives were used
    collate     the function handed to `train`: list of samples -> (Q, Q_mask, P, P_mask, labels)
    loss_fn     the function handed to `train`: (model, batch) -> loss, number of questions whose gold passage scores highest
    tokenizer   default: the tokenizer of the current track
    held_out    the samples on which the best epoch was chosen
    untrained   the model before training; default: `model` with the weights of the track's encoder, if they fit
    batch_size  intended number of questions per step, all in one softmax
    learning_rate, temperature, tied, seed   other intended settings; `tied` is whether one encoder serves both sides
    max_length  maximum number of tokens of a text (default: the track's)
    style       how the evaluation reads a passage: "pair" (title, text), "joined" (both in one string), or "text" (no title)
    score       "dot" or "cosine": how the search compares vectors
    question_prefix, passage_prefix   text that the evaluation puts before each question and each passage
    encode      if the evaluation does not call `model`: its two functions (list of strings -> X, list of passages -> Y)
    reported    {k: R@k in percent} that the run reported
    candidates  the search results that `get_topk_candidates` (stage 03) returned for the validation samples
    hits        search results as {question id: [(passage id, score), ...]}; give `candidates` or `hits`, not both
    vectors     passage vectors that were searched: pipeline.vectors.Vectors, or a tensor (N, d) in the order of the passages
    name        name of the run in the report
    seconds     time for comparing Ways of making vectors; the other measures take additional time
    only        names of the measures to make (default: all; see dpr_course.diagnose.measure)
    tell        function that is called with the name of each measure before it is made

    Raises DiagnoseError if there is nothing to measure.
    """
    if isinstance(run, (str, Path)):
        case = case_from_run(run)
    else:
        case = case_of(
            run, model, data, collate, loss_fn, tokenizer, held_out, untrained, max_length, name, style=style, score=score,
            question_prefix=question_prefix, passage_prefix=passage_prefix, given=encode, reported=reported,
            settings=Settings(batch_size, None, learning_rate, tied, seed, None, temperature),
        )  # fmt: skip
    case.hits = hits or case.hits or _hits(candidates, case.validation)
    if vectors is not None:
        case.vectors = _vectors(vectors, case.passages)
    return report(case, seconds, only, tell)


def report(case, seconds=15.0, only=None, tell=None, questions=None):
    """Measure a Case and return its Report. The other arguments are passed to `measure`."""
    measured = measure(case, seconds, only, tell, questions)
    return Report(case.name, judge(measured), measured)


def case_of(history, model, data, collate, loss_fn, tokenizer, held_out, untrained, max_length, name, *, settings, **more):
    """Return a Case made from objects in a notebook. See `diagnose`, where `history` is called `run`; `more` are fields of Case."""
    if model is None or data is None:
        raise DiagnoseError("diagnose needs a run's folder, or a model and data: (training samples, validation samples, passages)")
    if not isinstance(data, (tuple, list)) or len(data) != 3:
        raise DiagnoseError("data must be (training samples, validation samples, passages)")
    if history is not None and not isinstance(history, History):
        raise DiagnoseError(
            f"the first argument must be the folder of a run or the History that train returned, not {type(history).__name__}"
        )
    track = get_track()
    own = tokenizer is None
    tokenizer = tokenizer or track.load_tokenizer()
    train, validation, passages = map(list, data)
    if settings.batch_size is None:
        settings.batch_size = _batch_size(history, train) or track.batch_size
    case = Case(
        model, tokenizer, name=name, max_length=max_length or track.max_length, train=train, validation=validation, passages=passages,
        held_out=list(held_out), history=history, collate=collate, loss_fn=loss_fn, settings=settings, **more,
    )  # fmt: skip
    case.start = untrained if untrained is not None else started_from(model, track.load_encoder)
    if case.start is not None and untrained is None:
        case.start_tokenizer = tokenizer if own else track.load_tokenizer()
    case.settings.hard = _hard(case)
    if loss_fn is not None:
        loss = measure_loss(case)
        case.masks_copies, case.loss_cosine = loss.get("copies"), loss.get("normalised")
        case.settings.temperature = loss.get("temperature") or settings.temperature
    return case


def _hard(case):
    """Return whether the case's collate function puts hard negatives into a batch.

    Return None if there is no collate function or no training sample.
    """
    if case.collate is None or not case.train:
        return None
    some = case.train[:8]
    return len(tuple(case.collate(some))[2]) > len(some)


def _batch_size(history, train):
    """Return the mean number of questions per step, computed from the History; None if there is no History or no sample."""
    if history is None or not history.steps or not train:
        return None
    return max(2, round(len(train) * max(s.get("epoch", 1) for s in history.steps) / len(history.steps)))


def _hits(candidates, samples):
    """Return {question id: [(passage id, score), ...]}; None if `candidates` is None.

    `candidates` is the list that `get_topk_candidates` (stage 03) returned for `samples`, in the same order.
    """
    if candidates is None:
        return None
    return {s["id"]: list(zip(c["topk_ids"], c["topk_values"])) for s, c in zip(samples, candidates)}


def _vectors(vectors, passages):
    """Return `vectors` as pipeline.vectors.Vectors. Rows of a tensor (N, d) get the ids of `passages`, in their order.

    Raises DiagnoseError if there are more or fewer rows than passages.
    """
    import torch

    from dpr_course.pipeline.vectors import Vectors

    if isinstance(vectors, Vectors):
        return vectors
    rows = torch.as_tensor(vectors).detach().float().cpu().numpy()
    if len(rows) != len(passages):
        raise DiagnoseError(f"there are {len(rows)} vectors for {len(passages)} passages: give one for each, in their order")
    return Vectors([p["id"] for p in passages], rows)
