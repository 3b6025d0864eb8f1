"""The reader: a T5 that reads a question's passages and writes the answer (Fusion-in-Decoder, Izacard and Grave 2021).

model        loads a tokenizer and a T5 by name or folder
samples      questions with the passages that BM25 found for them
batch        makes ids and mask (B, n, L) from question, title and text, and labels (B, T) from answers
fusion       encodes n passages one by one and decodes them together
decode       writes the answer, freely or copied from the passages
exact_match  the measure of readers: whether an answer is right
attention    scores passages by the decoder's cross-attention at its first step
distill      the batch and the losses that train a retriever on a reader's scores
measure      exact match with its interval, the retriever's ceiling, the file for the report
plots        the plots of stage 09
fid_files    Fusion-in-Decoder's data files: questions with their passages and scores
retrieval    finds passages for questions, by BM25, a retriever or a TREC run
lessons      shared by `fit` and `pupil`: plan of steps, digest of a run, folder and checkpoint
fit          trains a reader on samples with passages
reading      answers all questions of a list of samples, and scores their passages
pupil        trains a retriever on the scores of a reader
work         the functions that the commands run
command      the options of `dpr-course retrieve | read-train | read | distill`
"""
