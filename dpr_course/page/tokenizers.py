"""Describes a tokenizer for the page, or says why the page cannot run it. The page can run only BERT's lower-case tokenizer."""

import json

KNOWN = {  # the parts of tokenizer.json, with the settings that the page's tokenizer.js implements
    "normalizer": {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True, "lowercase": True},
    "pre_tokenizer": {"type": "BertPreTokenizer"},
    "model": {"type": "WordPiece", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100},
}


def why_not(tokenizer):
    """Return the reason why the page cannot run `tokenizer`, as a clause for a message; None if the page can run it."""
    if not tokenizer.is_fast:
        return "its tokenizer is not a fast one"
    content = json.loads(tokenizer.backend_tokenizer.to_str())
    for part, wanted in KNOWN.items():
        found = content.get(part) or {}
        for key, value in wanted.items():
            if found.get(key) != value:
                return f"its tokenizer has {key} {found.get(key)!r} in its {part}, and the page knows only {value!r}"
    if content["normalizer"].get("strip_accents") is False:
        return "its tokenizer keeps accents, and the page drops them"
    for token in content["added_tokens"]:
        if not token["special"] or token["single_word"] or token["lstrip"] or token["rstrip"] or token["normalized"]:
            return f"its tokenizer has the added token {token['content']!r}, which the page cannot find in a text"
    ids = tokenizer(["a b"]).input_ids[0]
    if ids[0] != tokenizer.cls_token_id or ids[-1] != tokenizer.sep_token_id:
        return "its tokenizer does not put [CLS] and [SEP] around a text"
    return None


def describe(tokenizer, max_length):
    """Return the dict from which the page's JavaScript makes its Tokenizer, with the vocabulary and the ids of special tokens.

    `max_length` is the maximum number of tokens of a question, including [CLS] and [SEP].
    """
    vocabulary = tokenizer.get_vocab()
    content = json.loads(tokenizer.backend_tokenizer.to_str())
    tokens = {i: token for token, i in vocabulary.items()}
    return {
        "vocab": [tokens.get(i, "") for i in range(max(tokens) + 1)],
        "special": [token["content"] for token in content["added_tokens"]],
        "cls": tokenizer.cls_token_id,
        "sep": tokenizer.sep_token_id,
        "unknown": vocabulary[content["model"]["unk_token"]],
        "max_length": max_length,
    }
