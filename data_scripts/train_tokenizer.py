"""Train the WordPiece tokenizer of the toy encoder on the passages alone (a few seconds).

    python data_scripts/train_tokenizer.py            # writes dpr_course/assets/toy_encoder/tokenizer*.json

The result is an uncased BERT-style tokenizer: [PAD] 0, [UNK] 1, [CLS] 2, [SEP] 3, [MASK] 4. Training is not repeatable: pieces
with equal scores get their ids in a different order each time. An encoder needs exactly the tokenizer with which it was
pre-trained, so if you train the tokenizer again, pre-train the encoder again too.
"""

import argparse
from pathlib import Path

from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import PreTrainedTokenizerFast

from dpr_course import data
from dpr_course.encoders import save_tokenizer

ASSETS = Path(__file__).parents[1] / "dpr_course" / "assets"
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]


def read_passages(path):
    """Return the passages at `path` as a list of (title, text) without duplicates.

    `path` is a file of passages, a file of questions with gold passages, or a folder that fetch_nq.py made.
    """
    if Path(path).is_dir():
        passages = data.load_nq(path)[2]
    elif "text" in data.read_records(path)[0]:
        passages = data.load_passages(path)
    else:
        passages = data.gold_passages(data.load_questions(path))
    return list(dict.fromkeys((p["title"], p["text"]) for p in passages))


def train_tokenizer(passages, vocabulary):
    """Return a BERT-style WordPiece tokenizer with at most `vocabulary` entries."""
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    trainer = trainers.WordPieceTrainer(vocab_size=vocabulary, special_tokens=SPECIAL, show_progress=False)
    tokenizer.train_from_iterator((s for passage in passages for s in passage), trainer)
    cls, sep = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", sep), ("[CLS]", cls))
    # DistilBERT has no token types, so the tokenizer must not return them.
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        unk_token="[UNK]", pad_token="[PAD]", cls_token="[CLS]", sep_token="[SEP]", mask_token="[MASK]",
        model_max_length=128, model_input_names=["input_ids", "attention_mask"],
    )  # fmt: skip


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--passages", default=ASSETS / "toy_nq" / "passages.jsonl", help="file of passages or questions, or folder of real NQ"
    )
    parser.add_argument("--out", default=ASSETS / "toy_encoder", type=Path, help="folder to write to")
    parser.add_argument("--vocabulary", type=int, default=10_000, help="number of word pieces (default 10000)")
    args = parser.parse_args()
    tokenizer = train_tokenizer(read_passages(args.passages), args.vocabulary)
    save_tokenizer(tokenizer, args.out)
    print(f"{len(tokenizer)} word pieces written to {args.out}")


if __name__ == "__main__":
    main()
