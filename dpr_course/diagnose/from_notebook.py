"""A case from the objects of a notebook: a History, the model, the data, the collate and the loss function."""

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
    """Measure a training run and return a Report: findings, the most likely first. `print` it, or look at `.findings`.

    run         the folder of a run (all else is then optional), or the History that `train` returned, or None
    model       (Q, Q_mask, P, P_mask) -> X, Y: a DualEncoder of stage 01, a Retriever, or anything like it
    data        (training samples, validation samples, passages); the training samples are those handed to `train`, with their
                "hard_negative" if they were used
    collate     list of samples -> (Q, Q_mask, P, P_mask, labels), as handed to `train`
    loss_fn     (model, batch) -> loss, number right, as handed to `train`
    tokenizer   default: the track's own
    held_out    the samples on which the epoch was chosen
    untrained   the model before training; default: `model` with the track's encoder in it, where that fits
    batch_size, learning_rate, temperature, tied, seed   intended settings; batch_size: questions that share a softmax
    max_length  tokens of a text (default: the track's)
    style       how the evaluation reads a passage: "pair" (title, text), "joined" in one string, or "text" alone
    score       "dot" or "cosine": how vectors are compared in the search
    encode      (list of strings -> X, list of passages -> Y): the evaluation's own functions, if it has them
    reported    {k: R@k in percent}, as the run reported it
    candidates  what `get_topk_candidates` returned for the validation samples; or hits: {question id: [(passage id, score), ...]}
    vectors     passage vectors as they were searched: pipeline.vectors.Vectors, or a tensor (N, d) in the order of the passages
    seconds     time for comparing ways of reading, on top of the fixed measures (default: 15)
    only        names of the measures to make (default: all; see dpr_course.diagnose.measure)

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
    """Return the Report of a case; the arguments are those of `measure`."""
    measured = measure(case, seconds, only, tell, questions)
    return Report(case.name, judge(measured), measured)


def case_of(history, model, data, collate, loss_fn, tokenizer, held_out, untrained, max_length, name, *, settings, **more):
    """Return a Case made from objects in a notebook, such as the model and the History. `diagnose` explains the arguments."""
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
    """Return whether the collate function puts hard negatives into a batch; None if there is no collate function or no sample."""
    if case.collate is None or not case.train:
        return None
    some = case.train[:8]
    return len(tuple(case.collate(some))[2]) > len(some)


def _batch_size(history, train):
    """Return the number of questions per step, computed from the History; None if there is no History."""
    if history is None or not history.steps or not train:
        return None
    return max(2, round(len(train) * max(s.get("epoch", 1) for s in history.steps) / len(history.steps)))


def _hits(candidates, samples):
    """Return {question id: [(passage id, score), ...]} of candidates, in the order of the samples; None if there are none."""
    if candidates is None:
        return None
    return {s["id"]: list(zip(c["topk_ids"], c["topk_values"])) for s, c in zip(samples, candidates)}


def _vectors(vectors, passages):
    """Return the pipeline.vectors.Vectors that the search used."""
    import torch

    from dpr_course.pipeline.vectors import Vectors

    if isinstance(vectors, Vectors):
        return vectors
    rows = torch.as_tensor(vectors).detach().float().cpu().numpy()
    if len(rows) != len(passages):
        raise DiagnoseError(f"there are {len(rows)} vectors for {len(passages)} passages: give one for each, in their order")
    return Vectors([p["id"] for p in passages], rows)
