"""dpr_course: the helper package of the course "Build a dense passage retriever".

The core, which stages 00 to 06 import, in the order of the work:

    errors         the base class of the course's own errors
    files          the folder of the assets; files that are written completely or not at all
    track          the one switch: toy (offline) or distilbert (network, GPU)
    records        reading of other systems' records
    data           questions, passages, and the files they come in
    encoders       tokenizers and encoders by name or path
    sound_encoder  the model folders that are refused, and why
    runtime        device, seeds, quiet libraries
    embed          text to vectors
    candidates     the results of a search
    bm25           the lexical baseline
    text           the test whether a passage holds an answer
    train          the training loop
    kept           trained models on disk, for a notebook that is started again
    results        the results table
    bands          the recorded results over seeds
    plots          the pictures of stages 00 to 06
    toy            three questions and four passages, followed through all stages
    checks/        instant verdicts on every exercise

The door:

    stages         the folders of the stages
    start          the first cell of every notebook
    doctor         a one-line diagnosis of this environment
    own_code       a student's own code, read from their notebooks and checked
    carry          a student's own earlier code in place of previous.py
    progress       which exercises are solved, and what comes next

Behind the core, which never imports from here:

    pipeline/      large corpora, indexes and batches; files and commands
    reader/        the T5 that reads passages and writes the answer (Fusion-in-Decoder)
    page/          one HTML file in which several retrievers answer typed questions
    milestones/    results of the field, reached with a student's own code
    commands       the work of encode, search, reduce and evaluate
    cli            the command line, `dpr-course COMMAND`; __main__ is the same as `python -m dpr_course`

`assets/` holds the toy knowledge base, the toy encoder, run files and recorded bands.
"""

__version__ = "0.2.0"  # a release of it is tagged v0.2.0, and what students install is that tag
