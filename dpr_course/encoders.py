"""Loads tokenizers and encoders by name or path.

`toy` is the small DistilBERT that ships with the course. Any other name is passed to Hugging Face's transformers: it is a name
on the hub, such as `distilbert-base-uncased`, or a local folder saved with `save_pretrained`.
"""

import json
from pathlib import Path

from dpr_course.files import ASSETS

TOY_ENCODER = ASSETS / "toy_encoder"


def _location(name):
    return str(TOY_ENCODER) if name == "toy" else str(name)


def _explain(name, error):
    if Path(_location(name)).is_dir():
        hint = "the folder is there, but it does not hold a complete encoder that the course can use; save one with save_pretrained"
    else:
        hint = (
            f"it is not a local folder (seen from {Path.cwd()}), and it could not be fetched. Offline, use the encoder that "
            "ships with the course: DPR_TRACK=toy without DPR_ENCODER, or the name 'toy'"
        )
    message = str(error).splitlines()[0] if str(error) else type(error).__name__
    return OSError(f"cannot load encoder {name!r}: {hint}. ({message[:300]})")


def load_tokenizer(name="toy"):
    """Load an encoder's tokenizer by the encoder's name or path. If that fails, raises OSError, which says what to do."""
    from dpr_course.encoder_checks import read_tokenizer

    try:
        return read_tokenizer(_location(name))
    except Exception as e:  # a damaged file may raise anything
        raise _explain(name, e) from None


def load_encoder(name="toy"):
    """Load an encoder by name or path, in float32 and in evaluation mode.

    The encoder's output has `last_hidden_state` of shape (B, T, d); position 0 is [CLS]. Each call returns a new module with
    the same pre-trained weights. Raises OSError, which says what to do, if the encoder cannot be loaded.
    """
    from dpr_course.encoder_checks import read_encoder

    try:
        return read_encoder(_location(name))
    except Exception as e:  # a damaged file may raise anything here too
        raise _explain(name, e) from None


def save_tokenizer(tokenizer, folder):
    """Write a tokenizer to `folder` so that both transformers 4 and transformers 5 can load it.

    transformers 5 saves the class name `TokenizersBackend`, which transformers 4 does not know. This function replaces it by
    `PreTrainedTokenizerFast`, which both versions know.
    """
    tokenizer.save_pretrained(folder)
    path = Path(folder) / "tokenizer_config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    if config.get("tokenizer_class") == "TokenizersBackend":
        config["tokenizer_class"] = "PreTrainedTokenizerFast"
        path.write_text(json.dumps(config, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
