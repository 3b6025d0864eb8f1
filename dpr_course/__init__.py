"""dpr_course: the helper package of the course "Build a dense passage retriever".

The course has eleven stages, 00 to 10, with one notebook each. Stages 00 to 06 import the following modules, called the core,
which are listed in the order in which a run uses them:

    errors          CourseError, the base class of the course's own errors
    files           the folder of the shipped assets; writes a file completely or not at all
    track           the switch between two sets of encoder, data and settings: toy (offline) and distilbert (network, GPU)
    records         reads questions and passages in the formats of other systems, such as DPR and BEIR
    data            questions and passages: the toy NQ, real NQ, or the student's own files
    encoders        loads tokenizers and encoders by name or path
    encoder_checks  refuses an encoder or tokenizer that loads but would not work, and says why
    quiet           silences the messages of libraries
    runtime         device, seeds, precision, progress bars
    embed           turns texts into vectors; a passage is tokenized as the pair of its title and text
    candidates      the result of a search: the best passages of each question, in order
    bm25            the search by BM25, the lexical baseline
    text            has_answer: tests whether a text contains one of the answers
    train           the training loop
    kept_models     keeps trained models on disk, so that a restarted notebook loads them
    results         the results table: one row per system, R@k in percent
    bands           the recorded R@1 of each training recipe over several seeds
    dose            the recorded R@1 for several shares of false negatives among the mined negatives
    plots           the pictures of stages 00 to 06
    worked_example  three questions and four passages that appear in all stages
    checks/         the automatic check of each exercise, which students run in their notebooks

What a student runs first, and between exercises:

    stages          the folders of the stages, and the comments that identify the cells of exercises
    start           what the first cell of every notebook does, in Colab, Jupyter or VS Code
    doctor          `dpr-course doctor`: what is wrong with this environment, in one line
    own_code        reads a student's own code from their notebooks and checks it
    carry           `dpr-course carry`: puts a student's own code of earlier stages into previous.py, which a notebook imports
    progress        `dpr-course progress`: which exercises are solved, and what comes next

Built on the core (the core imports none of these):

    pipeline/       training, encoding and search for large corpora and batches, by files and commands
    reader/         the T5 that reads passages and writes the answer (Fusion-in-Decoder)
    page/           makes one HTML file in which several retrievers answer typed questions
    diagnose/       measures a training run and says what is wrong with it
    milestones/     published results that a student can reach with their own code
    commands        the commands encode, search, reduce and evaluate
    cli             the command line, `dpr-course COMMAND`; `__main__` makes `python -m dpr_course COMMAND` do the same

`assets/` holds the toy data, the toy encoder and reader, configurations for `dpr-course train`, and recorded results.
"""

__version__ = "0.2.0"  # the release is tagged v0.2.0, and students install from that tag
