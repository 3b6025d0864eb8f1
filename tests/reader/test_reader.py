"""The parts of the reader on a tiny random T5: batch, fusion, copying decoder, exact match, loading."""

import pytest
import torch
from train_reader_tokenizer import train_tokenizer
from transformers import T5Config, T5ForConditionalGeneration

from dpr_course.data import load_toy_nq
from dpr_course.reader.batch import reader_batch, reader_text
from dpr_course.reader.decode import Spans, spans_of, word_starts
from dpr_course.reader.exact_match import exact_match, exact_match_rate, normalize_answer
from dpr_course.reader.fusion import fuse, fused_loss
from dpr_course.reader.model import load_reader
from dpr_course.reader.reading import answer_all, read_all
from dpr_course.worked_example import PASSAGES, QUESTIONS


@pytest.fixture(scope="module")
def tokenizer():
    return train_tokenizer(PASSAGES, 300)


@pytest.fixture
def model(tokenizer):
    torch.manual_seed(0)
    config = T5Config(
        vocab_size=len(tokenizer), d_model=16, d_kv=8, d_ff=32, num_layers=2, num_heads=2, decoder_start_token_id=0
    )  # fmt: skip
    return T5ForConditionalGeneration(config).eval()


SAMPLES = [
    {"question": QUESTIONS[0], "answers": ["Io"], "ctxs": PASSAGES[:3]},
    {"question": QUESTIONS[1], "answers": ["x"], "target": "William Shakespeare", "ctxs": PASSAGES[1:4]},
]


@pytest.fixture
def batch(tokenizer):
    return reader_batch(tokenizer, SAMPLES, 3)[:2]


def test_the_batch_holds_question_title_and_text_of_each_passage(tokenizer, batch):
    ids, mask = batch
    assert ids.shape == mask.shape and ids.shape[:2] == (2, 3)
    text = tokenizer.decode(ids[1, 2][mask[1, 2].bool()], skip_special_tokens=True)
    assert text == reader_text(QUESTIONS[1], PASSAGES[3])
    assert (mask.sum(-1) == (ids != tokenizer.pad_token_id).sum(-1)).all()
    assert (ids == tokenizer.eos_token_id).sum(-1).eq(1).all()


def test_a_long_text_is_cut_and_a_missing_passage_is_padding(tokenizer):
    ids, mask, _ = reader_batch(tokenizer, SAMPLES, 5, text_maxlength=10)
    assert ids.shape == (2, 5, 10) and mask[:, :3].all() and not mask[:, 3:].any()


def test_labels_end_in_eos_and_padding_is_not_counted(tokenizer):
    _, _, labels = reader_batch(tokenizer, SAMPLES, 1)
    assert labels[0][labels[0] != -100][-1] == tokenizer.eos_token_id
    assert (labels[0] == -100).any() and (labels[1] != -100).all()
    assert tokenizer.decode(labels[1], skip_special_tokens=True) == "William Shakespeare"


def test_no_passage_sees_another(model, batch):
    ids, mask = batch
    H = fuse(model, ids, mask)[0].last_hidden_state.view(*ids.shape, -1)
    alone = fuse(model, ids[:, 1:2], mask[:, 1:2])[0].last_hidden_state.view(2, 1, ids.shape[2], -1)
    assert torch.allclose(H[:, 1:2], alone, atol=1e-5)
    changed = ids.clone()
    changed[:, 0, 3] = 9
    other = fuse(model, changed, mask)[0].last_hidden_state.view(*ids.shape, -1)
    assert torch.allclose(other[:, 1:], H[:, 1:], atol=1e-5) and not torch.allclose(other[:, 0], H[:, 0], atol=1e-3)


def test_padding_and_the_order_of_passages_change_no_loss(tokenizer, model, batch):
    ids, mask = batch
    _, _, labels = reader_batch(tokenizer, SAMPLES, 3)
    loss, logits = fused_loss(model, ids, mask, labels)
    assert logits.shape[:2] == labels.shape
    turned, _ = fused_loss(model, ids.flip(1), mask.flip(1), labels)
    longer, _ = fused_loss(model, torch.nn.functional.pad(ids, (0, 5)), torch.nn.functional.pad(mask, (0, 5)), labels)
    assert loss.item() == pytest.approx(turned.item(), abs=1e-5) == pytest.approx(longer.item(), abs=1e-5)


def test_spans_begin_and_end_with_words():
    #      _the=5 _red=6 dish=7 _fox=8, and a second text: _red=6 _hat=9
    spans = Spans([[5, 6, 7, 8], [6, 9]], starts={5, 6, 8, 9}, end=1)
    assert spans.after(()) == [5, 6, 8, 9]
    assert spans.after((6,)) == [1, 7, 9]
    assert spans.after((5, 6)) == [7]  # "the red" is not allowed: the word is "reddish"
    assert spans.after((6, 9)) == [1] and spans.after((9, 6)) == [1]  # no span continues from one text into the next


def test_a_copied_answer_stands_in_a_passage(tokenizer, model):
    contexts = [PASSAGES[:2], PASSAGES[1:3], PASSAGES[2:4]]
    for beams in (1, 3):
        for answer, passages in zip(answer_all(model, tokenizer, QUESTIONS, contexts, beams=beams), contexts):
            assert answer and any(answer.lower() in f"{p['title']}\n{p['text']}".lower() for p in passages), answer


def test_beams_change_no_score_of_a_passage(tokenizer, model):
    """The scores of passages are the same with one beam and with three.

    For several beams, transformers repeats the rows of the encoder's output in the object that it is given.
    """
    samples = [{"question": q, "ctxs": PASSAGES[:2]} for q in QUESTIONS]
    (_, greedy), (_, beamed) = (read_all(model, tokenizer, samples, 2, beams=beams, scored=True) for beams in (1, 3))
    assert greedy.shape == (len(samples), 2) and torch.equal(greedy, beamed)


def test_answers_keep_the_order_of_the_questions(tokenizer, model):
    contexts = [[p] for p in PASSAGES]
    asked = [QUESTIONS[0]] * 4
    together = answer_all(model, tokenizer, asked, contexts, batch_size=2)
    assert together == [answer_all(model, tokenizer, [q], [c])[0] for q, c in zip(asked, contexts)]


def test_spans_of_passages_take_titles_too(tokenizer):
    spans = spans_of(tokenizer, [{"title": "Hamlet", "text": "A tragedy."}], word_starts(tokenizer))
    first = tokenizer("Hamlet", add_special_tokens=False).input_ids
    assert first[0] in spans.after(()) and tokenizer.eos_token_id in spans.after(tuple(first))


def test_exact_match():
    assert normalize_answer("  The 6,400  A.N. Others!") == "6400 others"
    assert exact_match("the Beatles", ["Queen", "Beatles"]) and not exact_match("Beatles one", ["Beatles"])
    assert exact_match_rate(["Io", "x"], [{"answers": ["io"]}, {"answers": ["y", "z"]}]) == 50
    with pytest.raises(TypeError, match="list of answers"):
        exact_match("a", "abc")
    with pytest.raises(ValueError, match="1 predictions for 2 samples"):
        exact_match_rate(["a"], [{"answers": ["a"]}] * 2)


def test_a_saved_reader_loads_with_attention_weights(tokenizer, model, tmp_path):
    tokenizer.save_pretrained(tmp_path)
    model.half().save_pretrained(tmp_path)
    same, loaded = load_reader(tmp_path)
    assert same("Harry Io").input_ids == tokenizer("Harry Io").input_ids
    assert loaded.dtype == torch.float32 and not loaded.training
    out = loaded(input_ids=torch.tensor([[5, 1]]), decoder_input_ids=torch.tensor([[0]]), output_attentions=True)
    assert out.cross_attentions[0].shape == (1, 2, 1, 2)


def test_what_is_no_reader_is_refused(tmp_path):
    with pytest.raises(OSError, match="does not hold a complete T5"):
        load_reader(tmp_path)
    with pytest.raises(OSError, match="not a local folder"):
        load_reader(tmp_path / "nothing")
    (tmp_path / "config.json").write_text('{"model_type": "distilbert"}')
    with pytest.raises(ValueError, match="'distilbert'"):
        load_reader(tmp_path)


def test_the_toy_reader_answers_from_the_gold_passage_and_from_nothing_else():
    """The toy reader, zero shot (not trained on questions), answers from the gold passage and hardly ever from another one.

    Its card states an exact match of 31 % with the gold passage, and 0 % with a passage without the answer.
    """
    _, samples, _ = load_toy_nq()
    tokenizer, model = load_reader("toy")
    assert sum(p.numel() for p in model.parameters()) * 2 <= 8e6  # bytes in half precision
    samples = samples[:100]
    questions = [s["question"] for s in samples]
    golds = [[s["gold_context"]] for s in samples]
    assert exact_match_rate(answer_all(model, tokenizer, questions, golds), samples) >= 20
    assert exact_match_rate(answer_all(model, tokenizer, questions, golds[50:] + golds[:50]), samples) <= 3
