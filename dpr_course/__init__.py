"""dpr_course: the helper package of the course "Build a dense passage retriever".

One idea per file, in the order of the pipeline:

    track       which world a notebook runs in: toy (offline) or distilbert (network, GPU)
    data        questions, passages, and the file formats they come in
    records     which field of a file is what, for the formats of other systems
    encoders    tokenizers and encoders by name or path
    sound_encoder  what of a model folder is refused: no tokenizer, a causal model, missing weights
    embed       text to vectors, fast
    bm25        the lexical baseline
    candidates  what a search returns
    train       the training loop
    kept        what was trained, for a notebook that is started again
    large_batch gradient cache: batches larger than memory
    distributed one batch in several processes
    features    a training set as fixed arrays
    config      a training run described by a YAML file
    run         such a run, from the file to a saved retriever
    retriever   query and passage encoder in one folder
    index       passage vectors in FAISS
    first_token [CLS] vectors without the rest of the last layer
    corpora     passages and questions in the published formats
    vectors     the file of vectors; pickled reads those of other systems, shards cuts a corpus
    exact_search  the best of all scores, the same on every processor; search keeps and merges what was found in shards
    trec        runs and judgements as text
    text        does a passage hold an answer
    evaluate    top-k accuracy by passage, title and answer
    commands    encode, search, reduce, evaluate
    plots       the pictures of stages 00 to 06; plots_scale has those of 07, 08 and the benchmarks
    checks      instant verdicts on every exercise
    start       the first cell of every notebook
    stages      where the stages' folders are
    doctor      what is wrong with this environment, in one line
    carry       one's own earlier code in place of previous.py
"""

__version__ = "0.1.0"
