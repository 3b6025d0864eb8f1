"""What the prose of stage 07 claims about its outputs."""

from claims import Claim, numbers, output, row  # noqa: F401

CLAIMS: list[Claim] = []

NOT_ABOUT_AN_OUTPUT = [
    "Three questions, each with a positive in slot 0 and a hard negative in slot 1.",
    "Only question 0 brought a negative: the converter says so, and gives the others the gold passage of another question.",
    "BERT's own habit for a (title, text) pair is 0 and 1, but DPR was trained with zeros, and its checkpoints get worse with anything else.",
    "An encoder reads one passage a row, so the (B, 2, L) tensors are flattened to (2B, L), sample by sample:",
    "The command `dpr-course train` reads the same file as this notebook, but for data and encoder, which are those of your track.",
    "A positive passage can choose among *questions* too, with the same scores:",
    "Cerebras calls it mutual information, and sets $f = 1/(1 + C)$ with C passages a question: here 1/3.",
    "Same seed, batches and steps; only `f` differs.",
    "`Retriever` is the packaged form of your dual encoder: the same vectors, and it can be saved.",
    "Two epochs save time; the file says how many the full run has.",
    "The first softmax compares passages *within* a question, so a question may add the same number to all its scores, and the loss does not see it.",
    "The usual recall, in the table, hardly moves.",
    "Here it holds the toy's four passages.",
    "Ask FAISS itself for more passages than there are, and see what comes back behind the four:",
    "Row **-1** means *nothing*; Python takes it for the last passage, with no error.",
    "At least four published systems index their passages with it.",
    "`PassageIndex.search` never returns one.",
    "**HNSW** is a graph: each passage is linked to 32 near ones.",
    "A question walks along the links towards higher scores, with the `ef_search` best in hand.",
    "Of 50,000 passages it meets some 2,500 with `ef_search` 64, and can miss a good one.",
    "How it goes as the index grows.",
    "The knowledge base is too small to tell, so these vectors are made: 64 components, in topics of 20 that lie near each other, as passages do.",
    "Up to 50,000 vectors here.",
    "With the environment variable `DPR_FULL=1` the sizes go up to a million, which takes some minutes and 2 GB of memory.",
    "Flat search slows down in step with the vectors, the graph far less.",
    "It pays in three coins: passages missed (the more vectors, the more), memory for its links, and time to build.",
    "Then misspell its main word, ask in another language, or ask what no passage answers: five come all the same, with scores hardly lower.",
    "Of exact search's ten passages the graph misses a larger share than it loses of R@10.",
]
