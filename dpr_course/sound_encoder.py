"""Reads an encoder or a tokenizer with Hugging Face, and refuses what would load in silence and then find nothing.

The course takes the last layer at position 0, [CLS], for a text's vector. That needs an encoder whose position 0 sees the whole
text, a tokenizer that puts [CLS] there and knows the words, and weights for every layer.
"""

import bisect
import json
import warnings
from pathlib import Path

import torch

MANY_UNKNOWN, MOST_UNKNOWN = 0.2, 0.9  # share of [UNK] that is told, and that is refused


def read_encoder(location):
    """The encoder at a path or a name, in float32 and in evaluation mode. Raises ValueError if it cannot give [CLS] vectors."""
    from transformers import AutoConfig, AutoModel

    config = AutoConfig.from_pretrained(location)
    kind = f"it is of type {config.model_type!r}"
    if config.model_type == "dpr":
        return read_dpr(location, config)
    if config.is_encoder_decoder:
        raise ValueError(f"{kind}, an encoder with a decoder, and has no [CLS] vector: use an encoder such as BERT")
    model, info = AutoModel.from_pretrained(location, output_loading_info=True)
    refuse_missing(model, info)
    model = model.float().eval()
    told = f"{kind}, and the course cannot run it on a batch of token ids"
    try:
        rows = model.get_input_embeddings().weight.shape[0]
        ids = torch.tensor([[5, 6, 7, 8], [5, 9, 10, 11]]) % rows  # alike at position 0 only
        with torch.no_grad():
            first = model(input_ids=ids, attention_mask=torch.ones_like(ids)).last_hidden_state[:, 0]  # (2, d)
    except Exception as e:
        raise ValueError(f"{told} ({type(e).__name__}: {str(e)[:100]})") from None
    if not torch.isfinite(first).all():
        raise ValueError(
            f"{kind}, and its vectors hold NaN or infinite numbers: its weights are damaged, or their training diverged"
        )
    if torch.allclose(first[0], first[1], rtol=1e-6, atol=1e-7):
        raise ValueError(
            f"{kind}, and its first position sees only itself, as in a causal language model: all texts would get one "
            "vector. Use an encoder such as BERT"
        )
    tell_pooling(location)
    return model


def read_dpr(location, config):
    """DPR's question or context encoder (`DPRQuestionEncoder`, `DPRContextEncoder`) as the BERT that it is."""
    from transformers import BertConfig, BertModel, DPRContextEncoder, DPRQuestionEncoder

    kinds = {
        "DPRQuestionEncoder": (DPRQuestionEncoder, "question_encoder"),
        "DPRContextEncoder": (DPRContextEncoder, "ctx_encoder"),
    }
    name = next(iter(config.architectures or []), None)
    if name not in kinds or config.projection_dim:
        what = "a projection after [CLS]" if name in kinds else f"the architecture {name}"
        raise ValueError(f"it is a DPR model with {what}; the course reads {' and '.join(kinds)} without a projection")
    kind, part = kinds[name]
    model, info = kind.from_pretrained(location, output_loading_info=True)
    refuse_missing(model, info)
    settings = {k: v for k, v in config.to_dict().items() if k not in ("model_type", "architectures", "projection_dim")}
    with torch.random.fork_rng(devices=[]):  # the random numbers that a new model draws are nobody else's
        bert = BertModel(BertConfig(**settings))
    missing = bert.load_state_dict(getattr(model, part).bert_model.state_dict(), strict=False).missing_keys
    refuse_missing(bert, {"missing_keys": missing})
    return bert.float().eval()


def refuse_missing(model, info):
    """ValueError if the files hold no weights for a part that is used: it would start with random numbers.

    A pooler is not used. Where it is missing it becomes zero, so that the same files give the same weights each time.
    """
    parameters = dict(model.named_parameters())
    missing = [name for name in info["missing_keys"] if name in parameters]
    for name in missing:
        if "pooler" in name:
            parameters[name].data.zero_()
    if used := sorted(name for name in missing if "pooler" not in name):
        raise ValueError(
            f"its files hold no weights for {len(used)} of {len(parameters)} parts, such as {used[0]}: they were saved from another "
            "kind of model"
        )


def tell_pooling(location):
    """Warn of a folder of sentence-transformers whose vectors are something other than [CLS]."""
    folder = Path(location)
    if not (folder / "modules.json").is_file():
        return
    try:
        modules = json.loads((folder / "modules.json").read_text(encoding="utf-8"))
        paths = [m["path"] for m in modules if m["type"].endswith("Pooling")]
        pooling = json.loads((folder / paths[0] / "config.json").read_text(encoding="utf-8")) if paths else {}
    except (OSError, ValueError, TypeError, KeyError) as e:
        raise ValueError(f"its modules.json cannot be read ({e})") from None
    modes = [k.removeprefix("pooling_mode_") for k, v in pooling.items() if k.startswith("pooling_mode_") and v is True]
    modes = modes or [str(pooling.get("pooling_mode", "cls_token"))]
    if modes[0] not in ("cls", "cls_token"):
        warnings.warn(
            f"{location}: this model was trained with the pooling {', '.join(modes)}; the course takes its [CLS] vector, which is "
            "only a place to start training from",
            stacklevel=2,
        )


def read_tokenizer(location):
    """The tokenizer at a path or a name. Raises ValueError if it has no vocabulary, or puts no [CLS] at the start of a text."""
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(location)
    if len(tokenizer) <= len(set(tokenizer.all_special_ids)):
        raise ValueError(
            f"there are no tokenizer files: the tokenizer knows {len(tokenizer)} special tokens and no word. Save the tokenizer "
            "that belongs to the encoder into the same folder, with save_pretrained"
        )
    ids, start = tokenizer(["a b c"]).input_ids[0], {tokenizer.cls_token_id, tokenizer.bos_token_id} - {None}
    if not ids or ids[0] not in start:
        raise ValueError("its tokenizer puts no [CLS] at the start of a text, and the course takes the vector at that place")
    if tokenizer.pad_token_id is None:
        raise ValueError("its tokenizer has no padding token, and texts of different lengths cannot be put into a batch")
    return tokenizer


def refuse_unfit(tokenizer, encoder):
    """ValueError if the tokenizer makes token ids for which the encoder has no embedding. Warns of other signs of a stranger."""
    rows, highest = encoder.get_input_embeddings().weight.shape[0], max(tokenizer.get_vocab().values())
    if highest >= rows:
        raise ValueError(
            f"the tokenizer has token ids up to {highest}, the encoder embeddings for {rows}: they do not belong together; use the "
            "tokenizer that the encoder was trained with"
        )
    expected = getattr(encoder.config, "pad_token_id", None)
    if expected not in (None, tokenizer.pad_token_id):
        warnings.warn(
            f"the tokenizer pads with token id {tokenizer.pad_token_id}, the encoder was trained with {expected}: is it the tokenizer "
            "that belongs to it? RoBERTa and its like also count positions by that id",
            stacklevel=2,
        )
    if 2 * (highest + 1) < rows:  # padded to a round number they are a little more
        warnings.warn(
            f"the tokenizer has token ids up to {highest}, the encoder embeddings for {rows}: is it the tokenizer that the encoder "
            "was trained with? Words mean something else to another",
            stacklevel=2,
        )


def refuse_short(encoder, max_length):
    """ValueError if the encoder cannot take `max_length` tokens: it has an embedding for each position, and may have fewer."""

    def takes(length):
        ids = torch.full((1, length), 5, device=encoder.device)
        try:
            with torch.no_grad():
                encoder(input_ids=ids, attention_mask=torch.ones_like(ids))
        except (RuntimeError, IndexError, ValueError):
            return False
        return True

    if not takes(max_length):
        longest = bisect.bisect_left(range(1, max_length), True, key=lambda length: not takes(length))
        raise ValueError(
            f"the encoder takes texts of up to {longest} tokens, and max_length is {max_length}: set max_length in the run's section "
            f"model to {longest} or less"
        )


def tell_unknown(tokenizer, texts):
    """Print how many of the tokens of `texts` (the first 500) are [UNK], if many are. ValueError if nearly all are."""
    unknown = tokenizer.unk_token_id
    ids = [i for row in tokenizer(texts[:500], add_special_tokens=False).input_ids for i in row] if texts else []
    share = sum(i == unknown for i in ids) / max(1, len(ids)) if unknown is not None else 0
    told = f"{100 * share:.0f} % of the tokens are {tokenizer.unk_token}, words that the tokenizer does not know"
    if share >= MOST_UNKNOWN:
        raise ValueError(f"{told}: all texts would look alike. Use an encoder and a tokenizer made for these texts")
    if share >= MANY_UNKNOWN:
        print(f"{told}: the encoder cannot tell these apart")
