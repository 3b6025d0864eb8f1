"""The functions that the reader's commands run. Their argument `args` holds the options that dpr_course.reader.command parsed."""

from dpr_course.pipeline.corpora import is_table, load_corpus, load_questions
from dpr_course.pipeline.distributed import on_first
from dpr_course.reader.distill import ranked
from dpr_course.reader.exact_match import exact_match
from dpr_course.reader.fid_files import CTXS, equal_contexts, load_fid, refuse_untaught, write_fid
from dpr_course.reader.fit import fit_reader, save_reader_folder
from dpr_course.reader.lessons import RunFolder, source_of
from dpr_course.reader.measure import band
from dpr_course.reader.model import load_reader
from dpr_course.reader.pupil import fit_pupil
from dpr_course.reader.reading import read_all, write_answers
from dpr_course.reader.retrieval import find, hits, load_retriever, with_found
from dpr_course.records import DataError, known, read_records
from dpr_course.runtime import best_device
from dpr_course.track import get_track

STEPS = ("total_steps", "warmup_steps", "batch_size", "lr", "weight_decay", "seed", "eval_every")
FIT = ("n_context", "text_maxlength", "answer_maxlength", "accumulation", "use_checkpoint", *STEPS)
DISTILL = ("in_batch", *STEPS)


def retrieve(args):
    """Run `dpr-course retrieve`: find passages for questions, and write questions and passages to a file in FiD's form."""
    passages, name = load_corpus(args.passages), args.questions
    samples = load_fid(name) if _has_passages(name) else load_questions(name, passages)
    run = find(args.source, samples, passages, args.k, args.batch_size)
    try:
        found, table = with_found(samples, run, passages), hits(samples, run, passages)
    except DataError as e:
        raise DataError(f"{args.source}: {e} (of {args.questions}, {args.passages})") from None
    write_fid(args.out, found)
    print(f"{args.out}: {len(samples)} questions, {max(map(len, run.values()))} passages each, found by {args.source}")
    print(*table, sep="\n")


def _has_passages(name):
    """Return whether `name` is a file of questions in FiD's form, that is, whether one of its records has passages."""
    if name in ("toy", "toy-train") or is_table(name):
        return False
    return any(isinstance(record, dict) and known(record, CTXS) is not None for record in read_records(name))


def read_train(args):
    """Run `dpr-course read-train`: train a reader, or continue a stopped training, and save the reader in a folder."""
    samples, held_out = load_fid(args.data), load_fid(args.eval_data) if args.eval_data else []
    refuse_untaught(samples, args.data)
    if held_out and not any(s["answers"] for s in held_out):
        raise DataError(f"{args.eval_data}: no question has 'answers', by which exact match is counted")
    tokenizer, model = _reader(args.reader or get_track().reader)
    options = {name: getattr(args, name) for name in FIT}
    folder = RunFolder(args.out, "reader.json", source_of(model, samples + held_out, options))
    if folder.is_done():
        return
    print(f"training: {len(samples)} questions, {args.n_context} passages each; held out: {len(held_out)}")
    model.to(_device())

    def score(model):
        rows, _ = read_all(model, tokenizer, held_out, args.n_context, args.text_maxlength, batch_size=args.batch_size)
        return _matches(held_out, rows)[0]

    history = fit_reader(tokenizer, model, samples, options, folder.checkpoint, score if held_out else None)
    model.to("cpu")
    on_first(lambda: save_reader_folder(args.out, tokenizer, model, folder.extras(options, history)))
    on_first(lambda: folder.checkpoint.path.unlink(missing_ok=True))
    told = "".join(f"\nstep {e['step']:>6}: exact match {e['score']:.1f}" for e in history.epochs)
    print(f"saved in {args.out}, weights of step {folder.best_step(history)} of {len(history.steps)}{told}")


def read(args):
    """Run `dpr-course read`: let a reader answer questions, write its answers and the passages' scores, print exact match."""
    samples = load_fid(args.data)
    tokenizer, model = _reader(args.reader)
    answers, scores = read_all(
        model.to(_device()), tokenizer, samples, args.n_context, args.text_maxlength, args.answer_maxlength, args.batch_size,
        copied=not args.free, scored=bool(args.write_scores),
    )  # fmt: skip
    on_first(lambda: write_answers(args.out, samples, answers))
    print(f"{args.out}: {len(answers)} answers")
    if args.write_scores:
        cut = sum(len(s["ctxs"]) > args.n_context for s in samples)
        on_first(lambda: write_fid(args.write_scores, ranked(samples, scores)))
        print(
            f"{args.write_scores}: the scores of the passages that were read"
            + f"; those of {cut} questions beyond them are left out" * bool(cut)
        )
    if any(s["answers"] for s in samples):
        em, low, high, n = _matches(samples, answers)
        print(f"exact match {em:.2f} (95 % interval {low:.1f} to {high:.1f}) of {n} questions")
    else:
        print("the questions have no answers: exact matches cannot be counted")


def distill(args):
    """Run `dpr-course distill`: train a retriever on a reader's scores, or continue a stopped training, and save it."""
    samples = equal_contexts(load_fid(args.data), args.n_context, args.data)
    model = load_retriever(args.retriever or get_track().encoder, args.tied, args.max_length)
    options = {name: getattr(args, name) for name in DISTILL}
    shape = {**options, "tied": model.tied, "max_length": model.max_length}
    folder = RunFolder(args.out, "distill.json", source_of(model, samples, shape))
    if folder.is_done():
        return
    print(f"training: {len(samples)} questions, {len(samples[0]['ctxs'])} passages each")
    history = fit_pupil(model.to(_device()), samples, options, folder.checkpoint)
    on_first(lambda: model.save(args.out, folder.extras(shape, history)))
    on_first(lambda: folder.checkpoint.path.unlink(missing_ok=True))
    n = max(1, len(history.steps) // 10)
    first, last = (sum(s["loss"] for s in part) / n for part in (history.steps[:n], history.steps[-n:]))
    print(f"saved in {args.out}, {len(history.steps)} steps; mean loss of the first {n}: {first:.3f}, of the last {n}: {last:.3f}")


def _reader(name):
    try:
        return load_reader(name)
    except (OSError, ValueError) as e:
        raise DataError(str(e)) from None


def _device():
    """Return the device that `best_device` chooses. Raises DataError if this device cannot be used on this machine."""
    import torch

    device = best_device()
    try:
        torch.zeros(1, device=device)
    except (RuntimeError, AssertionError) as e:
        raise DataError(
            f"the device {str(device)!r} cannot be used here ({str(e).splitlines()[0][:100]}); choose one with --device"
        ) from None
    return device


def _matches(samples, answers):
    """Return (percent, low, high, n): exact match, its 95 % interval, and the number of questions that have answers."""
    right = [exact_match(a, s["answers"]) for a, s in zip(answers, samples) if s["answers"]]
    return *band(right), len(right)
