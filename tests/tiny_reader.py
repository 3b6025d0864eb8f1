"""Helpers that save a tiny T5 with random weights and a tokenizer like SentencePiece's, in the form of `save_pretrained`.

Other helpers here call the reader's commands on the files of tests/reader/conftest.py.
"""

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from transformers import PreTrainedTokenizerFast, T5Config, T5ForConditionalGeneration

from dpr_course.cli import main

STEPS = ["--total-steps", "6", "--eval-every", "2", "--batch-size", "3"]


def unigram_tokenizer(texts, vocabulary=400):
    """Return a unigram tokenizer with T5's conventions: "▁" for a blank, <pad> 0, </s> 1 at the end of each text, <unk> 2."""
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.pre_tokenizer, tokenizer.decoder = pre_tokenizers.Metaspace(), decoders.Metaspace()
    trainer = trainers.UnigramTrainer(
        vocab_size=vocabulary, special_tokens=["<pad>", "</s>", "<unk>"], unk_token="<unk>", show_progress=False
    )
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", 1)])
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, pad_token="<pad>", eos_token="</s>", unk_token="<unk>")


def save_tiny_reader(folder, passages, dropout=0.0):
    """Save a T5 with 2 layers, width 16 and random weights, and a tokenizer trained on the passages. Returns the folder as text."""
    tokenizer = unigram_tokenizer([f"question: title: context: {p['title']} {p['text']}" for p in passages])
    torch.manual_seed(0)
    config = T5Config(
        vocab_size=len(tokenizer), d_model=16, d_kv=8, d_ff=32, num_layers=2, num_heads=2, decoder_start_token_id=0,
        dropout_rate=dropout,
    )  # fmt: skip
    T5ForConditionalGeneration(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return str(folder)


def texts(folder, questions="questions.json"):
    return ["--questions", str(folder / questions), "--passages", str(folder / "passages.tsv")]


def train_reader(folder, out, *more, options=STEPS):
    main(["read-train", str(folder / "bm25.json"), "--reader", str(folder / "t5"), "--n-context", "2", "--text-maxlength", "40",
          "--out", str(out), *options, *more])  # fmt: skip
