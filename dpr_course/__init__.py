"""dpr_course: the helper package of the course "Build a dense passage retriever".

The core, which stages 00 to 06 import, listed in the order in which a run uses it:

    errors          the base class of the course's own errors
    files           the folder of the shipped assets; files that are written completely or not at all
    track           the switch between the two tracks: toy (offline) and distilbert (network, GPU)
    records         reads questions and passages in the formats of other systems
    data            questions and passages: the toy NQ, real NQ, or the student's own files
    encoders        loads tokenizers and encoders by name or path
    encoder_checks  loads encoders and tokenizers; refuses one that would not work, and says why
    quiet           silences the messages of libraries
    runtime         device, seeds, precision, progress bars
    embed           texts to vectors; a passage is read as the pair of its title and text
    candidates      the result of a search: the best passages of each question, in order
    bm25            the lexical baseline
    text            has_answer: tests whether a text contains one of the answers
    train           the training loop
    kept_models     trained models on disk, which a restarted notebook loads
    results         the results table: one row per system, R@k in percent
    bands           the recorded R@1 over several seeds
    dose            the recorded R@1 by the share of false negatives
    plots           the pictures of stages 00 to 06
    worked_example  three questions and four passages that appear in all stages
    checks/         the visible check of each exercise

What a student runs first, and between exercises:

    stages          the folders of the stages
    start           what the first cell of every notebook does, in Colab, Jupyter or VS Code
    doctor          `dpr-course doctor`: what is wrong with this environment, in one line
    own_code        reads a student's own code from their notebooks and checks it
    carry           `dpr-course carry`: puts a student's own earlier code into previous.py
    progress        `dpr-course progress`: which exercises are solved, and what comes next

Built on the core, which imports none of these:

    pipeline/       large corpora, indexes and batches; files and commands
    reader/         the T5 that reads passages and writes the answer (Fusion-in-Decoder)
    page/           one HTML file in which several retrievers answer typed questions
    diagnose/       what is wrong with a training run, measured
    milestones/     results of the field, reached with a student's own code
    commands        the commands encode, search, reduce and evaluate
    cli             the command line, `dpr-course COMMAND`; `__main__` makes `python -m dpr_course COMMAND` do the same

`assets/` holds the toy knowledge base, the toy encoder, run files and recorded bands.
"""

__version__ = "0.2.0"  # the release is tagged v0.2.0, and students install from that tag
