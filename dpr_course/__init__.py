"""dpr_course: the helper package of the course "Build a dense passage retriever".

The core, which stages 00 to 06 import, in the order of the work:

    errors          the base class of the course's own errors
    files           the folder of the shipped assets; files that are written completely or not at all
    track           the one switch: toy (offline) or distilbert (network, GPU)
    records         reads questions and passages in the formats of other systems
    data            questions and passages: the toy NQ, real NQ, or files of one's own
    encoders        loads tokenizers and encoders by name or path
    sound_encoder   refuses model folders that would not work, and says why
    runtime         device, seeds, quiet libraries
    embed           texts to vectors; a passage is read as the pair of its title and text
    candidates      the result of a search: the best passages of each question, in order
    bm25            the lexical baseline
    text            has_answer: whether a text holds one of the answers
    train           the training loop
    kept            trained models kept on disk, which a restarted notebook loads
    results         the results table: one row per system, R@k in percent
    bands           R@1 over several seeds, as it was recorded
    dose            R@1 by the share of false negatives, as it was recorded
    plots           the pictures of stages 00 to 06
    worked_example  three questions and four passages, followed through all stages
    checks/         instant verdicts on every exercise

The door:

    stages          the folders of the stages
    start           what the first cell of every notebook does, in Colab, Jupyter or VS Code
    doctor          `dpr-course doctor`: what is wrong with this environment, in one line
    own_code        a student's own code, read from their notebooks and checked
    carry           `dpr-course carry`: puts a student's own earlier code into previous.py
    progress        `dpr-course progress`: which exercises are solved, and what comes next

Behind the core, which never imports from here:

    pipeline/       large corpora, indexes and batches; files and commands
    reader/         the T5 that reads passages and writes the answer (Fusion-in-Decoder)
    page/           one HTML file in which several retrievers answer typed questions
    diagnose/       what is wrong with a training run, measured
    milestones/     results of the field, reached with a student's own code
    commands        encode, search, reduce and evaluate: their options and their work
    cli             the command line, `dpr-course COMMAND`; __main__ is the same as `python -m dpr_course`

`assets/` holds the toy knowledge base, the toy encoder, run files and recorded bands.
"""

__version__ = "0.2.0"  # a release of it is tagged v0.2.0, and what students install is that tag
