"""Fetch real Natural Questions and write it in the course's format.

    pip install "dpr-course[data]"
    python data_scripts/fetch_nq.py                     # DPR's public retriever files, 4.6 GB to download
    python data_scripts/fetch_nq.py --source tevatron   # the copy on the Hugging Face hub, smaller

The script writes data/nq/nq-train.json (58,880 questions) and data/nq/nq-dev.json (6,515). An interrupted download continues
where it stopped. If a download is damaged, this is reported and nothing is written. The files are read as a stream, so little
memory is used. A question's gold passage is the first of its positive passages.
"""

import argparse
import gzip
import json
import sys
import urllib.error
import urllib.request
import zlib
from pathlib import Path

import ijson
from tqdm import tqdm

from dpr_course.files import replacing

SOURCES = {
    "dpr": "https://dl.fbaipublicfiles.com/dpr/data/retriever/biencoder-nq-{split}.json.gz",
    "tevatron": "https://huggingface.co/datasets/Tevatron/wikipedia-nq/resolve/main/nq-{split}.jsonl.gz",
}
COUNTS = {"train": 58_880, "dev": 6_515}
CHUNK = 1 << 20


class FetchError(RuntimeError):
    """Raised if a file cannot be fetched or converted. The message says why and what to do.

    No incomplete output file is left. A partial download is kept, so that it can be continued.
    """


def download(url, path):
    """Download `url` to `path` and return `path`. A download that was interrupted continues from the file `path`.part."""
    path = Path(path)
    if path.exists():
        print(f"{path} is already there")
        return path
    part = path.with_name(path.name + ".part")
    part.parent.mkdir(parents=True, exist_ok=True)
    have = part.stat().st_size if part.exists() else 0
    request = urllib.request.Request(url, headers={"Range": f"bytes={have}-"} if have else {})
    try:
        with urllib.request.urlopen(request, timeout=60) as reply:
            resumed = reply.status == 206
            length = reply.headers.get("Content-Length")
            total = int(length) + (have if resumed else 0) if length else None
            bar = tqdm(total=total, initial=have if resumed else 0, unit="B", unit_scale=True, desc=path.name, file=sys.stdout)
            with part.open("ab" if resumed else "wb") as out, bar:
                while chunk := reply.read(CHUNK):
                    out.write(chunk)
                    bar.update(len(chunk))
    except urllib.error.HTTPError as e:
        if e.code != 416:  # 416: nothing is left to send, so the part is complete
            raise FetchError(f"{url}: the server answers {e.code} {e.reason}") from None
        total = have
    except (urllib.error.URLError, TimeoutError, ConnectionError, OSError) as e:
        raise FetchError(f"{url}: {e}. What has arrived is kept in {part}: run the command again to continue from there") from None
    if total is not None and part.stat().st_size != total:
        raise FetchError(f"{url}: {part.stat().st_size} of {total} bytes arrived. Run the command again to continue from {part}")
    part.replace(path)
    return path


def records(path, kind):
    """Yield (number, record) for each record of the downloaded file `path`, counted from 0.

    `kind` is the format of the file, "dpr" or "tevatron". Raises FetchError when it reaches damaged data.
    """
    number = 0
    try:
        with gzip.open(path, "rb") as stream:
            for record in ijson.items(stream, "item") if kind == "dpr" else map(json.loads, stream):
                yield number, record
                number += 1
    except (EOFError, gzip.BadGzipFile, zlib.error, ijson.JSONError, ValueError) as e:
        raise FetchError(
            f"{path}: damaged after record {number} ({type(e).__name__}: {e}). Delete the file and run the command again"
        ) from None


def convert(record, kind):
    """Convert a record from DPR's or Tevatron's format to a sample. Return None if the record has no positive passage.

    `kind` is the format, "dpr" or "tevatron". A sample is a dict with question, answers and gold_context. Raises KeyError if the
    record lacks a field.
    """
    if kind == "dpr":
        question, positives = record["question"], record["positive_ctxs"]
    else:
        question, positives = record["query"], record["positive_passages"]
    if not positives:
        return None
    gold = positives[0]
    sample = {
        "question": question.replace("’", "'"),
        "answers": list(record["answers"]),
        "gold_context": {"title": gold["title"], "text": gold["text"]},
    }
    passage_id = gold.get("passage_id", gold.get("docid"))
    if passage_id is not None:
        sample["gold_context"]["id"] = str(passage_id)
    return sample


def write_samples(archive, target, kind, count=None):
    """Convert the downloaded file `archive`, in the format `kind`, to a JSON list of samples in the file `target`.

    Return the number of samples. Raises FetchError if `count` is given and this number differs from it.
    """
    target, n = Path(target), 0
    with replacing(target) as part:
        with part.open("w", encoding="utf-8") as out:
            out.write("[")
            for number, record in tqdm(records(archive, kind), total=count, unit="question", desc=target.name, file=sys.stdout):
                try:
                    sample = convert(record, kind)
                except (KeyError, TypeError, AttributeError) as e:
                    raise FetchError(f"{archive}: record {number} is not in the {kind} format ({type(e).__name__}: {e})") from None
                if sample:
                    out.write((",\n" if n else "\n") + json.dumps(sample, ensure_ascii=False))
                    n += 1
            out.write("\n]\n")
        if count is not None and n != count:
            raise FetchError(
                f"{archive}: holds {n} questions with a gold passage, but {count} are expected. Delete it and run again"
            )
    return n


def fetch(out, kind="dpr", url=None, counts=COUNTS):
    """Download the splits train and dev of Natural Questions, and write them in the course's format to the folder `out`.

    kind    "dpr" or "tevatron", the source of the data
    url     address to use in place of the source's own, with {split} where "train" or "dev" belongs
    counts  {split: expected number of questions}, or None to accept any number
    """
    out = Path(out)
    for split in ("train", "dev"):
        target = out / f"nq-{split}.json"
        if target.exists():
            print(f"{target} is already there")
            continue
        address = (url or SOURCES[kind]).format(split=split)
        archive = download(address, out / "download" / address.rsplit("/", 1)[-1])
        n = write_samples(archive, target, kind, counts.get(split) if counts else None)
        print(f"{n} questions written to {target}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0], formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--out", default="data/nq", help="folder to write to; set DPR_DATA to it if you change it")
    parser.add_argument("--source", choices=sorted(SOURCES), default="dpr", help="where to fetch from")
    parser.add_argument("--url", help="another address, with {split} in the place of train and dev")
    parser.add_argument("--any-count", action="store_true", help="accept other numbers of questions than 58,880 and 6,515")
    args = parser.parse_args()
    try:
        fetch(args.out, args.source, args.url, None if args.any_count else COUNTS)
    except FetchError as e:
        sys.exit(f"fetch_nq: {e}")


if __name__ == "__main__":
    main()
