"""Loads the tokenizer and weights of a reader: `toy` or `toy_finetuned`, which ship with the course, or any T5 by name or folder."""

from pathlib import Path

from dpr_course.files import ASSETS

TOY_READER = ASSETS / "toy_reader"
SHIPPED = {"toy": TOY_READER, "toy_finetuned": ASSETS / "toy_reader_finetuned"}  # the second was also trained on the 500 questions


def load_reader(name="toy", dropout=None):
    """Return a new tokenizer and a new `T5ForConditionalGeneration`, in float32 and in evaluation mode.

    name     "toy" (pre-trained on the passages), "toy_finetuned" (also trained on the training questions), or the name or folder
             of any other T5
    dropout  dropout rate in training, at least 0 and below 1; None: the rate in the reader's own configuration

    The attention implementation is "eager", because with T5's default, SDPA, a request for attention weights returns empty tuples
    without a warning. Raises OSError, which says what to do, if the tokenizer or the weights cannot be loaded. Raises ValueError
    if the model is not a T5, or if the tokenizer has more tokens than the model.
    """
    import torch
    from transformers import AutoConfig, AutoTokenizer, T5ForConditionalGeneration

    place = str(SHIPPED.get(str(name), name))
    try:
        config = AutoConfig.from_pretrained(place)
    except Exception as e:  # a damaged file may raise anything
        raise _explain(name, place, e) from None
    if config.model_type != "t5":
        raise ValueError(f"reader {name!r} is a model of type {config.model_type!r}; a reader here is a T5, such as t5-small")
    if dropout is not None:
        config.dropout_rate = dropout
    try:
        tokenizer = AutoTokenizer.from_pretrained(place)
        model = T5ForConditionalGeneration.from_pretrained(place, config=config, dtype=torch.float32, attn_implementation="eager")
    except Exception as e:  # a damaged file may raise anything here too
        raise _explain(name, place, e) from None
    if len(tokenizer) > model.config.vocab_size:
        raise ValueError(
            f"reader {name!r}: its tokenizer has {len(tokenizer)} pieces, but the model only {model.config.vocab_size}; "
            "put the tokenizer into the folder that the model was trained with"
        )
    return tokenizer, model.eval()


def load_finetuned(model, name):
    """Put the weights of the reader "toy_finetuned" into `model` if `name` is "toy". Return whether this was done.

    `name` is the name by which `model` was loaded. With any other name, `model` stays as it is.
    """
    if name != "toy":
        return False
    model.load_state_dict(load_reader("toy_finetuned")[1].state_dict())
    return True


def checkpoint_layers(model):
    """Switch on gradient checkpointing and return the model.

    Each layer's intermediate results are computed again in the backward pass instead of being kept in memory. Loss and
    gradients stay the same, even with dropout, because the random numbers are replayed. Checkpointing has an effect in training
    mode only.
    """
    if hasattr(model, "activation_checkpointing_enable"):  # its older name, used below, is deprecated since transformers 5.23
        model.activation_checkpointing_enable({"use_reentrant": False})
    else:
        model.gradient_checkpointing_enable(gradient_checkpointing_kwargs={"use_reentrant": False})
    model.config.use_cache = False  # transformers does not checkpoint a decoder that caches its keys and values
    return model


def keep_layers(model):
    """Undo `checkpoint_layers`: switch gradient checkpointing off and the decoder's cache on. Return the model."""
    switch = getattr(model, "activation_checkpointing_disable", None) or model.gradient_checkpointing_disable  # its older name
    switch()
    model.config.use_cache = True
    return model


def _explain(name, place, error):
    if Path(place).is_dir():
        hint = "the folder is there, but it does not hold a complete T5 with its tokenizer; save both with save_pretrained"
    elif name in SHIPPED:
        hint = f"this course has no such reader in {place}; `make reader` makes both toy readers"
    else:
        hint = f"it is not a local folder (seen from {Path.cwd()}), and it could not be fetched"
    message = (str(error).splitlines() or [type(error).__name__])[0]
    return OSError(f"cannot load reader {name!r}: {hint}. ({message[:300]})")
