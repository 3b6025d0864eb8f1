"""The reader: a T5 that reads a question's passages and writes the answer (Fusion-in-Decoder, Izacard and Grave 2021).

model        tokenizer and weights, by name or folder
samples      questions with the passages that BM25 found for them
batch        question, title and text to ids and mask (B, n, L); answers to labels (B, T)
fusion       n passages encoded one by one, decoded together
decode       the answer, written freely or copied from the passages
exact_match  the measure of readers: whether an answer is right
attention    scores of passages: the decoder's cross-attention before it writes anything
distill      a retriever's loss against a reader's scores, and its batch
measure      exact match with its interval, the retriever's ceiling, the file for the report
plots        the plots of stage 09
fid_files    Fusion-in-Decoder's data files: questions with their passages and scores
retrieval    passages for questions, by BM25, a retriever or a TREC run
lessons      what both trainings share: plan of steps, name of a run, place of its checkpoint
fit          training of a reader on such a file
reading      answers to all questions of such a file, and the scores of their passages
pupil        training of a retriever on the scores in such a file
work         what the commands do
command      `dpr-course retrieve | read-train | read | distill`
"""
