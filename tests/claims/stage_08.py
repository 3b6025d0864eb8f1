"""What the prose of stage 08 claims about its outputs."""

from claims import Claim, numbers, output, row  # noqa: F401

CLAIMS: list[Claim] = []

NOT_ABOUT_AN_OUTPUT = [
    "More negatives make a better retriever, but a batch must fit into memory, and an index on one machine.",
    "You rebuild how: gradient cache, negatives across devices, and a search in shards whose result is *equal* to a search in the whole.",
    "| memory of one device | gradient cache | the same gradient |",
    "| one device | negatives across devices | the same loss, the same gradient |",
    "| one index | encode, search and reduce in shards | the same passages, ties included |",
    "Here are the toy's chunks of two texts.",
    "Only the vectors stay.",
    "2. Compute the loss of the whole batch from the vectors, and go backwards as far as the vectors: their gradient is the **cache**.",
    "A chunk's second encoding must drop what the first dropped, or the cache belongs to other vectors.",
    "32 questions in chunks of 8, dropout on, against the same chunks with all graphs held.",
    "But each has only **its own** passages as negatives: in a piece of 4 a question meets 3, not 31.",
    "Dropout is off here, so that only that differs.",
    "Texts have 8 tokens, to be quick.",
    "One more trap at 4,096: the score matrix itself.",
    "`loss_in_blocks` makes it 256 rows at a time.",
    "**Yours**, on four simulated ranks, each under dropout of its own, against one process with the same 32 vectors.",
    "The same function, started twice by `torchrun`.",
    "`dpr-course train --nproc 2` does the same.",
    "Tevatron ties both encoders unless told otherwise: half the parameters, half the optimiser's memory.",
    "The course's recorded seeds, same recipe, same steps.",
    "The 21 million passages of DPR, 768 numbers each, take 65 GB.",
    "Each is searched by itself and gives its k best.",
    "The k best of *all* are among them: any other passage has k better ones in its own shard.",
    "What Tevatron does in nine commands takes five here: training in two processes with gradient cache, passages encoded and searched in four shards.",
    "**Yours**: your merge of the same four files, against one search in all passages.",
    "By **id** only the gold passage is right; by **title** any passage of its article; by **answer** any passage that holds one.",
    "**Yours**, on the run of above: the same numbers as in the last line of the table.",
    "Tevatron's example takes 100 passages from each shard.",
]
