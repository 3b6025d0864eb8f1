"""dpr_course: the helper package of the course "Build a dense passage retriever".

The core, which stages 00 to 06 import, in the order of the work:

    errors         the base of every error that the course words itself
    files          where the assets lie; files that are there whole or not at all
    track          the one switch: toy (offline) or distilbert (network, GPU)
    records        which field of a record is what, in the formats of other systems
    data           questions, passages, and the files they come in
    encoders       tokenizers and encoders by name or path
    sound_encoder  which model folders are refused, and why
    runtime        device, seeds, quiet libraries
    embed          text to vectors
    candidates     what a search returns
    bm25           the lexical baseline
    text           whether a passage holds an answer
    train          the training loop
    kept           trained models, for a notebook that is started again
    results        the results table
    bands          the recorded results over seeds
    plots          the pictures of stages 00 to 06
    toy            three questions and four passages, followed through all stages
    checks/        instant verdicts on every exercise

The door:

    stages         where the stages' folders are
    start          the first cell of every notebook
    doctor         what is wrong with this environment, in one line
    carry          one's own earlier code in place of previous.py

Behind the core, which never imports from here:

    pipeline/      large corpora, indexes and batches; files and commands
    reader/        the T5 that reads passages and writes the answer (Fusion-in-Decoder)
    page/          one HTML file in which several retrievers answer typed questions
    commands       what encode, search, reduce and evaluate do
    cli            the command line, `dpr-course COMMAND`; __main__ is the same as `python -m dpr_course`

`assets/` holds the toy knowledge base, the toy encoder, run files and recorded bands.
"""

__version__ = "0.2.0"  # a release of it is tagged v0.2.0, and what students install is that tag
