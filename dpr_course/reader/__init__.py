"""The reader: a T5 that reads a question's passages and writes the answer (Fusion-in-Decoder, Izacard and Grave 2021).

model        loads a tokenizer and a T5 by name or folder
samples      makes the reader's samples: questions with the passages that BM25 finds for them
batch        makes token ids and mask (B, n, L) from question, title and text, and labels (B, T) from answers
fusion       encodes n passages separately and decodes them together
decode       lets the T5 write answers, as free text or as words of the passages
exact_match  exact match, the measure of readers: whether an answer is right
attention    scores passages by the decoder's cross-attention at its first step
distill      the batch and the losses that train a retriever on a reader's scores
measure      exact match with its 95 % interval, the limit that retrieval sets, and a file for the report
plots        the plots of notebook 09
fid_files    reads and writes Fusion-in-Decoder's data files: questions with their passages and scores
retrieval    finds passages for questions, by BM25, a retriever or a TREC run
lessons      what `fit` and `pupil` share: the batches of all steps, the folder and the checkpoint of a run
fit          trains a reader on samples with passages
reading      answers all questions of a list of samples, and scores their passages
pupil        trains a retriever on the scores of a reader
work         the functions that the reader's commands run
command      the options of `dpr-course retrieve | read-train | read | distill`
"""
