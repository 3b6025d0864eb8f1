"""Loads encoders and tokenizers from Hugging Face, and refuses those that load without an error but cannot work as a retriever.

The course takes the last layer's output at position 0, the token [CLS], as the vector of a text. The encoder's position 0 must
therefore attend to the whole text, and its files must hold weights for every layer. The tokenizer must put [CLS] first and have
a vocabulary.
"""

import json
import warnings
from pathlib import Path

import torch


def read_encoder(location):
    """Load an encoder by path or name, in float32 and in evaluation mode.

    Raises ValueError, which says why, if the encoder has no usable [CLS] vector.
    """
    from transformers import AutoConfig, AutoModel

    config = AutoConfig.from_pretrained(location)
    kind = f"it is of type {config.model_type!r}"
    if config.model_type == "dpr":
        return read_dpr(location, config)
    if config.is_encoder_decoder:
        raise ValueError(f"{kind}, which has an encoder and a decoder but no [CLS] vector: use an encoder such as BERT")
    model, info = AutoModel.from_pretrained(location, output_loading_info=True)
    refuse_missing(model, info)
    model = model.float().eval()
    told = f"{kind}, and the course cannot run it on a batch of token ids"
    try:
        rows = model.get_input_embeddings().weight.shape[0]
        ids = torch.tensor([[5, 6, 7, 8], [5, 9, 10, 11]]) % rows  # two texts that agree at position 0 only
        with torch.no_grad():
            first = model(input_ids=ids, attention_mask=torch.ones_like(ids)).last_hidden_state[:, 0]  # (2, d)
    except Exception as e:
        raise ValueError(f"{told} ({type(e).__name__}: {str(e)[:100]})") from None
    if not torch.isfinite(first).all():
        raise ValueError(
            f"{kind}, and its vectors contain NaN or infinite numbers: its weights are damaged, or their training diverged"
        )
    if torch.allclose(first[0], first[1], rtol=1e-6, atol=1e-7):
        raise ValueError(
            f"{kind}, and its first position sees only itself, as in a causal language model: all texts would get the same "
            "vector. Use an encoder such as BERT"
        )
    tell_pooling(location)
    return model


def read_dpr(location, config):
    """Load DPR's question or context encoder (`DPRQuestionEncoder`, `DPRContextEncoder`), and return the BertModel inside it.

    `config` is the configuration at `location`. Raises ValueError for other DPR models, and for encoders with a projection layer.
    """
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
    with torch.random.fork_rng(devices=[]):  # a new model draws random numbers, which must not change the caller's generator
        bert = BertModel(BertConfig(**settings))
    missing = bert.load_state_dict(getattr(model, part).bert_model.state_dict(), strict=False).missing_keys
    refuse_missing(bert, {"missing_keys": missing})
    return bert.float().eval()


def refuse_missing(model, info):
    """Raise ValueError if weights that `model` uses were not in its files: transformers has set such weights to random numbers.

    `info["missing_keys"]` lists the names of the weights that were not in the files. The course does not use a model's pooler. If
    the pooler's weights are missing, they are set to zero, so that the same files always give the same weights.
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
    """Warn if `location` is a sentence-transformers folder whose model was trained with a pooling other than [CLS].

    Raises ValueError if the folder's modules.json cannot be read.
    """
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
    """Load a tokenizer by path or name.

    Raises ValueError if the tokenizer has no vocabulary or no padding token, or does not put [CLS] first.
    """
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(location)
    if len(tokenizer) <= len(set(tokenizer.all_special_ids)):
        raise ValueError(
            f"there are no tokenizer files: the tokenizer knows {len(tokenizer)} special tokens and no word. Save the tokenizer "
            "that belongs to the encoder into the same folder, with save_pretrained"
        )
    ids, start = tokenizer(["a b c"]).input_ids[0], {tokenizer.cls_token_id, tokenizer.bos_token_id} - {None}
    if not ids or ids[0] not in start:
        raise ValueError("its tokenizer puts no [CLS] at the start of a text, but the course takes the vector at that position")
    if tokenizer.pad_token_id is None:
        raise ValueError("its tokenizer has no padding token, so texts of different lengths cannot be put into a batch")
    return tokenizer
