"""The reader: a T5 that reads a question's passages and writes the answer (Fusion-in-Decoder, Izacard and Grave 2021).

model        tokenizer and weights, by name or folder
samples      questions with the passages that BM25 found for them
batch        question, title and text to ids and mask (B, n, L); answers to labels (B, T)
fusion       n passages encoded one by one, decoded together
decode       the answer, written freely or copied from the passages
exact_match  the measure of readers: whether an answer is right
measure      exact match with its interval, the retriever's ceiling, the file for the report
plots        the plots of stage 09
"""
