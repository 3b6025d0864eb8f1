"""The code behind the commands `dpr-course train | encode | search | reduce | evaluate`, which notebooks 07 and 08 use too.

The modules, in the order in which a run uses them:

    arrays        reads and writes .npz files of named arrays
    vectors       the file of vectors that `encode` writes and `search` reads
    pickled       reads the vector files of other systems, which are pickles
    config        the YAML file that describes a training run
    corpora       reads passages and questions in their published formats
    shards        cuts a corpus into consecutive pieces
    features      a training set as arrays of fixed shape, with the keys of the Cerebras Model Zoo
    distributed   training in several processes; each process encodes a part of every batch
    checkpoint    the file with the state of a training run, saved after each epoch
    large_batch   gradient cache: training on batches larger than memory
    first_token   [CLS] vectors, with the last layer computed for the first token only
    mismatch      checks that tokenizer, encoder and texts fit each other
    retriever     query encoder, passage encoder and tokenizer in one folder
    index         a FAISS index of passage vectors
    exact_search  exact search, with the same result on every processor
    search        searches shards, merges their hits, reads and writes files of hits
    trec          reads and writes runs and relevance judgements in TREC's text format
    patterns      searches texts for answers that are regular expressions
    evaluate      top-k accuracy, where a passage is a hit by its id, its title or an answer in its text
    run           a training run, from its YAML file to a saved retriever
    peak          measures the peak memory of a process
    programs      runs Python programs in separate processes, for a notebook
    plots         the plots of notebooks 07 and 08 and of the benchmarks
"""
