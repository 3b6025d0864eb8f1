"""Lists the contenders of the benchmark, this course and other systems that do the same tasks, and runs one of them:

    python -m autograder.bench.contenders TASK CONTENDER

The command prints one line of JSON: "rate" (units of work per second), "peak_mb" (peak memory in MB) and "proof", a number such
as a loss. The proof must be the same for all contenders: this shows that they did the same work.
"""

import json
import sys

from autograder.bench import plain_loop, sentence_transformer, this_course
from dpr_course.pipeline.peak import peak_memory
from dpr_course.quiet import quiet
from dpr_course.runtime import set_seed

TASKS = {
    "train": "training, steps/s (64 questions, 128 passages)",
    "train cached": "training with gradient cache, steps/s (128 questions, 256 passages)",
    "encode": "encoding, passages/s (1,500 passages)",
    "search": "exact search, queries/s (1,000 in 100,000 vectors, d = 256, k = 100)",
}
CONTENDERS = {  # this course comes first, and the others are compared with it
    "train": {
        "dpr-course": this_course.train_own,
        "sentence-transformers": sentence_transformer.train_mnrl,
        "plain loop": plain_loop.train_plain,
    },
    "train cached": {"dpr-course": this_course.train_cached_own, "sentence-transformers": sentence_transformer.train_cached_mnrl},
    "encode": {"dpr-course": this_course.encode_own, "sentence-transformers": sentence_transformer.encode_theirs},
    "search": {
        "dpr-course": this_course.search_own,
        "FAISS flat": plain_loop.search_faiss,
        "torch.topk, all at once": plain_loop.search_topk,
    },
}


def main():
    quiet()
    set_seed(0)
    rate, proof = CONTENDERS[sys.argv[1]][sys.argv[2]]()
    print(json.dumps({"rate": rate, "peak_mb": peak_memory(), "proof": proof}))


if __name__ == "__main__":
    main()
