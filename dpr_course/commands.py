"""The commands `dpr-course encode`, `search`, `reduce` and `evaluate`, which use a retriever that `dpr-course train` has saved.

A command that was stopped can be run again. Each file of vectors, or of hits (search results), records a digest of all that it
was made from. The file is written again only if this digest has changed.
"""

import json
import sys
import time
from pathlib import Path

from dpr_course.errors import CourseError


def add_commands(commands):
    """Add the four commands to `commands`, argparse's subparsers. After parsing, `args.run` is the function of the command."""

    def command(name, function, text):
        parser = commands.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
        parser.set_defaults(run=function)
        return parser

    parser = command("encode", encode, "encode passages and questions into vectors, optionally in shards")
    parser.add_argument("model", help="folder of a trained retriever, as `dpr-course train` writes it")
    parser.add_argument("--passages", nargs="?", const="toy", metavar="FILE", help="passages to encode (default: the toy ones)")
    parser.add_argument("--questions", nargs="?", const="toy", metavar="FILE", help="questions to encode (default: the toy ones)")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--shard", metavar="i/n", help="encode only shard i of n, counted from 0 (default: 0/1, all passages)")
    which.add_argument("--shards", metavar="n", type=int, help="encode all n shards, one file per shard (default: 1)")
    parser.add_argument("--batch-size", type=int, default=64, metavar="B", help="number of texts encoded at a time (default: 64)")
    parser.add_argument(
        "--dtype",
        choices=("float32", "float16"),
        default="float32",
        help="type of the numbers in the file, of 4 or 2 bytes each (default: float32)",
    )
    parser.add_argument(
        "--out", default="vectors", metavar="FOLDER", help="folder for questions.npz and passages-i-of-n.npz (default: vectors)"
    )

    parser = command("search", search, "find the best passages of each question, shard by shard, exactly")
    parser.add_argument("questions", help="vectors of questions: a .npz file from `encode`")
    parser.add_argument(
        "passages",
        nargs="+",
        help="vectors of passages: .npz files from `encode`, or embedding files of DPR, minDPR, FiD or Tevatron",
    )
    parser.add_argument("--k", type=int, default=100, help="number of passages kept per question in each shard (default: 100)")
    parser.add_argument("--out", default="hits", metavar="FOLDER", help="folder for one hits-i-of-n.npz per shard (default: hits)")

    parser = command("reduce", reduce, "merge the hits of all shards into one TREC run")
    parser.add_argument("hits", nargs="+", help="the .npz files from `search`, one per shard")
    parser.add_argument("--k", type=int, help="number of passages kept per question (default: as many as `search` kept)")
    parser.add_argument(
        "--out", default="run.trec", metavar="FILE", help="file of lines `qid Q0 docid rank score tag` (default: run.trec)"
    )

    parser = command("evaluate", evaluate, "compute the top-k accuracy of a TREC run by passage id, by title and by answer")
    parser.add_argument("trec", help="the run, from `reduce` or from any other system")
    parser.add_argument("--questions", default="toy", metavar="FILE", help="the questions of the run (default: the toy ones)")
    parser.add_argument("--passages", default="toy", metavar="FILE", help="passages that were searched (default: the toy ones)")
    parser.add_argument(
        "--topk",
        type=int,
        nargs="+",
        default=[1, 5, 10, 20, 100],
        metavar="k",
        help="values of k: accuracy among the first k passages (default: 1 5 10 20 100)",
    )
    parser.add_argument("--regex", action="store_true", help="also count answers as regular expressions (CuratedTREC)")
    parser.add_argument("--show", type=int, default=5, metavar="n", help="number of differing questions to show (default: 5)")
    parser.add_argument("--qrels", metavar="FILE", help="also write the gold passages as TREC judgements")
    parser.add_argument("--dpr", metavar="FILE", help="also write the retrieved passages as DPR's JSON, the input of a reader")
    parser.add_argument("--json", metavar="FILE", help="also write the accuracies, in percent, as JSON")


def kept(path, load, source):
    """Return whether the file `path` exists and its digest, `load(path).source`, is `source`. Print a message if the file exists."""
    from dpr_course.data import DataError

    if not Path(path).exists():
        return False
    try:
        same = load(path).source == source
    except DataError as e:
        print(f"{e}. The file is written again.")
        return False
    print(f"{path}: {'exists already' if same else 'was made from something else, and is written again'}")
    return same


def encode(args):
    import numpy as np

    from dpr_course.data import DataError
    from dpr_course.pipeline.corpora import load_corpus, load_questions
    from dpr_course.pipeline.retriever import Retriever
    from dpr_course.pipeline.shards import parse_shard, shard_bounds
    from dpr_course.pipeline.vectors import Vectors, digest, load_vectors, save_vectors
    from dpr_course.quiet import quiet
    from dpr_course.runtime import best_device

    quiet()
    if args.batch_size < 1 or (args.shards is not None and args.shards < 1):
        raise DataError("--batch-size and --shards must be at least 1")
    shards = [parse_shard(args.shard)] if args.shard else [(i, args.shards or 1) for i in range(args.shards or 1)]
    both = args.passages is None and args.questions is None
    passages = load_corpus(args.passages or "toy") if args.passages or both else None
    questions = load_questions(args.questions or "toy") if args.questions or both else None
    model = Retriever.load(args.model)
    fingerprint, width = model.fingerprint(), model.query_encoder.config.hidden_size
    model.tell_unknown([p["text"] for p in passages or []] or [s["question"] for s in questions])
    model.to(best_device())

    def make(path, records, text, encode, shard=(0, 1)):
        """Write the vectors `encode(records)` to the file `path` unless it is up to date. `text(record)` goes into the digest."""
        ids = [r["id"] for r in records]
        source = digest(fingerprint, args.dtype, shard, json.dumps([(i, text(r)) for i, r in zip(ids, records)]))
        if kept(path, load_vectors, source):
            return
        start = time.perf_counter()
        rows = encode(records).numpy() if records else np.zeros((0, width))
        save_vectors(path, Vectors(ids, rows.astype(args.dtype), fingerprint, shard, source))
        print(f"{path}: {len(ids)} vectors in {time.perf_counter() - start:.1f} s")

    out = Path(args.out)
    if questions is not None:
        make(
            out / "questions.npz", questions, lambda s: s["question"],
            lambda samples: model.encode_questions([s["question"] for s in samples], args.batch_size),
        )  # fmt: skip
    for i, n in shards if passages is not None else []:
        a, b = shard_bounds(len(passages), i, n)
        path = out / f"passages-{i}-of-{n}.npz"
        make(path, passages[a:b], lambda p: [p["title"], p["text"]], lambda ps: model.encode_passages(ps, args.batch_size), (i, n))


def search(args):
    from dpr_course.data import DataError
    from dpr_course.pipeline.pickled import load_pickled
    from dpr_course.pipeline.search import load_hits, save_hits, search_vectors
    from dpr_course.pipeline.vectors import digest, load_vectors

    def load(path, place=(0, 1)):
        if str(path).endswith(".npz"):
            return load_vectors(path)
        return load_pickled(path, shard=place)

    if args.k < 1:
        raise DataError(f"--k is {args.k}: it must be at least 1")
    questions, made = load(args.questions), {}
    for number, path in enumerate(args.passages):
        passages = load(path, (number, len(args.passages)))
        source = digest(
            args.k, *(part for v in (questions, passages) for part in (v.encoder, v.shard, json.dumps(v.ids), v.embeddings))
        )
        out = Path(args.out) / "hits-{}-of-{}.npz".format(*passages.shard)
        if (other := made.setdefault(out, path)) is not path:
            raise DataError(f"{path} and {other} are both shard {passages.shard[0]}/{passages.shard[1]}: give each shard once")
        if not kept(out, load_hits, source):
            start = time.perf_counter()
            try:
                hits = search_vectors(questions, passages, args.k, source)
            except DataError as e:
                raise DataError(f"{args.questions}, {path}: {e}") from None
            save_hits(out, hits)
            print(f"{out}: {len(questions.ids)} questions, {len(passages.ids)} passages, {time.perf_counter() - start:.1f} s")


def reduce(args):
    from dpr_course.data import DataError
    from dpr_course.pipeline.search import load_hits
    from dpr_course.pipeline.search import reduce as merge
    from dpr_course.pipeline.trec import write_run

    try:
        hits = merge([load_hits(path) for path in args.hits], args.k)
        write_run(args.out, hits)
    except DataError as e:
        given = ", ".join(args.hits[:4]) + (", ..." if len(args.hits) > 4 else "")
        raise DataError(f"{e} (from {given})") from None
    print(f"{args.out}: {len(hits.query_ids)} questions, {hits.ids.shape[1]} passages each, from {len(args.hits)} shard(s)")


def evaluate(args):
    from dpr_course.data import DataError
    from dpr_course.files import replacing
    from dpr_course.pipeline.corpora import load_corpus, load_questions
    from dpr_course.pipeline.evaluate import accuracy, broken_patterns, criteria, differing, first_right
    from dpr_course.pipeline.trec import read_run, write_dpr, write_qrels

    if min(args.topk) < 1:
        raise DataError("--topk: each k must be at least 1")
    run, passages = read_run(args.trec), load_corpus(args.passages)
    samples = load_questions(args.questions, passages)
    try:
        ranks = {by: first_right(run, samples, passages, by) for by in criteria(samples, args.regex)}
    except DataError as e:
        raise DataError(f"{args.trec}: {e} (of {args.questions}, {args.passages})") from None
    bare = sum("gold_context" not in s for s in samples)
    if args.qrels and bare:
        raise DataError(f"{args.questions}: {bare} questions have no gold passage, which --qrels needs")
    table = {by: accuracy(found, args.topk) for by, found in ranks.items()}
    print(f"{args.trec}: accuracy on {len(samples)} questions, in percent")
    print(" " * 10 + "".join(f"{f'top-{k}':>9}" for k in args.topk))
    for by, row in table.items():
        print(f"{'by ' + by:<10}" + "".join(f"{row[k]:9.2f}" for k in args.topk))
    if bare:
        print(f"{bare} questions have no gold passage: accuracy is counted by answer only")
    if absent := len({s["id"] for s in samples} - run.keys()):
        print(f"{absent} questions are not in the run; they count as not found")
    broken = broken_patterns(samples) if args.regex else []
    for key, pattern, why in broken[: args.show]:
        print(f"question {key}: the answer {pattern[:200]!r} {why}, and matches nothing")
    if len(broken) > args.show:
        print(f"in all, {len(broken)} answers match nothing, because they are not regular expressions or take too long")
    k = 20 if 20 in args.topk else max(args.topk)
    differ = differing(ranks, k)
    print(f"\nat k = {k}, {len(differ)} questions are hits by one count and not by another")
    if shown := differ[: args.show]:
        print("the rank of the first right passage, by\n" + "".join(f"{by:>8}" for by in ranks))
    for i in shown:
        places = "".join(f"{found[i] or 'none':>8}" for found in ranks.values())
        print(f"{places}  {samples[i]['question']} ({samples[i]['id']})")
    if args.qrels:
        write_qrels(args.qrels, samples)
    if args.dpr:
        write_dpr(args.dpr, run, samples, passages)
    if args.json:
        with replacing(args.json) as part:
            part.write_text(json.dumps({"questions": len(samples), "accuracy": table}, indent=1) + "\n", encoding="utf-8")


def shortened(error):
    """Return an error's message without the middle of long lines, which begin with the error's place and end with what to do."""
    return "\n".join(line if len(line) <= 700 else f"{line[:400]} ... {line[-250:]}" for line in str(error).splitlines())


def run(args):
    """Run the parsed command, `args.run(args)`. An error that the user can correct ends the program with a short message."""
    try:
        args.run(args)
    except CourseError as e:  # any other ValueError is shown with its traceback
        sys.exit(f"dpr-course {args.command}: {shortened(e)}")
    except OSError as e:
        sys.exit(f"dpr-course {args.command}: {e.filename or ''}: {e.strerror or e}")
    except MemoryError as e:
        sys.exit(f"dpr-course {args.command}: out of memory ({e}): use more shards or a smaller k")
    except KeyboardInterrupt:
        sys.exit(f"\ndpr-course {args.command}: stopped. Finished files are kept: run the same command again to continue")
