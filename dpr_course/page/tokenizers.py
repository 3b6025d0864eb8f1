"""What the page must know of a tokenizer. The page does what BERT's own tokenizer does, in lower case, and refuses any other."""

import json

KNOWN = {  # parts of tokenizer.json, and what the page's tokenizer.js does
    "normalizer": {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True, "lowercase": True},
    "pre_tokenizer": {"type": "BertPreTokenizer"},
    "model": {"type": "WordPiece", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100},
}


def why_not(tokenizer):
    """Why the page cannot do what `tokenizer` does, as a clause; None if it can."""
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
    """A tokenizer as the page's Tokenizer takes it: a dict for JSON. max_length: tokens of a question, [CLS] and [SEP] counted."""
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
