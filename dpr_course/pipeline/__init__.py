"""Dense retrieval as files and commands, for `dpr-course train | encode | search | reduce | evaluate` and stages 07 and 08.

In the order in which a run uses them:

    arrays        named arrays in a .npz file
    vectors       the file of vectors that `encode` writes and `search` reads
    pickled       the vector files of other systems, which are pickles
    config        a training run described by a YAML file
    corpora       passages and questions in the published formats
    shards        a corpus cut into pieces
    features      a training set as arrays of fixed shape, as Cerebras uses it
    distributed   training on one batch in several processes
    checkpoint    the state of a training run on disk, after each epoch
    large_batch   gradient cache: batches larger than memory
    first_token   [CLS] vectors: the last layer is computed for the first token only
    mismatch      refuses a tokenizer, an encoder and texts that do not belong together
    retriever     query encoder, passage encoder and tokenizer in one folder
    index         a FAISS index of passage vectors
    exact_search  exact search, with the same result on every processor
    search        searches shards, merges their hits, reads and writes files of hits
    trec          runs and judgements in TREC's text format
    patterns      answers that are regular expressions
    evaluate      top-k accuracy by passage, title and answer
    run           a training run, from its YAML file to a saved retriever
    peak          the peak memory of a process
    programs      programs that a notebook runs in separate processes
    plots         the plots of stages 07 and 08 and of the benchmarks
"""
