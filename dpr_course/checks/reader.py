"""Checks of stage 09's exercises: the batch of the reader (a T5 that answers questions), fusion, and exact match."""

import copy
import string

import torch

from dpr_course.checks import fixtures
from dpr_course.checks.core import Check, Observation, Test, array
from dpr_course.checks.fixtures import WORDS, dyadic, generator, make_passage, padded_ids, phrase, snapshot
from dpr_course.checks.reader_notes import labels_note, mask_note, match_note, places_note, rows_note

FOREIGN = "zürich łódź são curaçao ½ 東京 o’neill".split()  # words with letters and signs outside ASCII
NO_LIMIT = 10_000  # more tokens than any text has


def tiny_tokenizer():
    """Return a tokenizer whose tokens are whole words. It ends each text with </s>. Its padding token has the id 2, not 0."""
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    words = ["</s>", "<unk>", "<pad>", "question:", "title:", "context:", *WORDS, *FOREIGN]
    core = Tokenizer(models.WordLevel({w: i for i, w in enumerate(words)}, unk_token="<unk>"))
    core.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    core.post_processor = processors.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", 0)])
    return PreTrainedTokenizerFast(tokenizer_object=core, eos_token="</s>", unk_token="<unk>", pad_token="<pad>")


@fixtures.drawn
def tiny_reader(rng, vocabulary=40, d=8):
    """Return a small T5ForConditionalGeneration in evaluation mode. Its weights are dyadic fractions (see checks.fixtures)."""
    from transformers import T5Config, T5ForConditionalGeneration

    # transformers added SDPA to T5 later than to other models. Until then T5 refuses it with an error, and it computes softmax in
    # float32, where float64's lowest number, which stands for padding, is -inf: a passage of padding alone would give NaN.
    attention, dtype = (
        (fixtures.ATTENTION, fixtures.DTYPE) if T5ForConditionalGeneration._supports_sdpa else ("eager", torch.float32)
    )
    config = T5Config(
        vocab_size=vocabulary, d_model=d, d_kv=4, d_ff=16, num_layers=1, num_heads=2, relative_attention_num_buckets=8,
        dropout_rate=0.0, pad_token_id=0, eos_token_id=1, decoder_start_token_id=0, attn_implementation=attention,
    )  # fmt: skip
    model = T5ForConditionalGeneration(config).to(dtype).eval()
    with torch.no_grad():
        for _, p in sorted(model.named_parameters()):
            # Norms near 1 and small matrices make the attention soft, so that padding read by mistake changes the result.
            p.copy_(dyadic(rng, *p.shape) / 4 if p.ndim > 1 else 1 + dyadic(rng, *p.shape) / 8)
    return model


def rows_of(tokenizer, ids, real):
    """Return one list of tokens per row of `ids` (..., L): the tokens at the positions where `real` (..., L) is true."""
    ids, real = ids.reshape(-1, ids.shape[-1]).tolist(), real.reshape(-1, real.shape[-1]).tolist()
    return [tokenizer.convert_ids_to_tokens([i for i, r in zip(*row) if r]) for row in zip(ids, real)]


def lines(rows):
    return "\n".join(" ".join(row) for row in rows)


def wanted_rows(samples, n, text_maxlength=200, answer_maxlength=32):
    """Return three lists: the right tokens of each row of the batch's ids, the right tokens of each target, and a bool per row.

    There are `n` rows per sample, one for each passage. The bool is true for the row of a passage that the sample lacks; such a
    row has no tokens.
    """

    def tokens(text, most):
        words = [w if w in {*WORDS, *FOREIGN, "question:", "title:", "context:"} else "<unk>" for w in text.split()]
        return [*words[: most - 1], "</s>"]

    rows, stray = [], []
    for s in samples:
        found = [f"question: {s['question']} title: {p['title']} context: {p['text']}" for p in s["ctxs"][:n]]
        rows += [tokens(t, text_maxlength) for t in found] + [[]] * (n - len(found))
        stray += [False] * len(found) + [True] * (n - len(found))
    return rows, [tokens(s.get("target") or s["answers"][0], answer_maxlength) for s in samples], stray


class ReaderBatch(Check):
    exercise, number, title = "reader_batch", "9.1", "The reader's batch"
    names = ("reader_batch",)
    tests = (
        Test("question, title and text", 2, ("texts.rows", "texts.shape", "single.rows", "single.shape", "fewer.kept"), "ids are (B, n, L): row n of question b is the text `question: … title: … context: …` of its n-th passage, one text with the words and blanks as shown, closed by the tokenizer's own </s>. The samples stay as they are."),
        Test("padding", 1, ("ragged.rows", "ragged.shape"), "The mask is 1 at the tokens of a text and 0 at the padding behind it, in the shape of ids. The tokenizer knows which of its tokens is padding."),
        Test("long texts", 1, ("long.rows", "long.labels", "long.width"), "No text has more than text_maxlength tokens, and no answer more than answer_maxlength; the tokenizer cuts them, and </s> counts."),
        Test("fewer passages than n_context", 1, ("fewer.rows", "fewer.shape"), "Every question has n_context rows, all of them its own. For each passage that its sample lacks, and for no other, there is a row whose mask is 0 everywhere."),
        Test("labels", 1, ("ragged.labels", "texts.labels", "ragged.types"), "Labels (int64) are the tokens of the target, or of the first answer if there is no target, with their </s>. Positions after the end are -100."),
    )  # fmt: skip

    def observe(self, objects, seed):
        rng, o, tokenizer = generator(seed), Observation(), tiny_tokenizer()

        def sample(n, words, title=2, answer=2, target=False):
            """Return a sample with n passages. `words()` is called once per text and returns the text's number of words.

            `title` and `answer` are numbers of words. If `target` is true, the sample also has a "target".
            """
            passages = [{**make_passage(rng, i), "title": phrase(rng, title), "text": phrase(rng, words())} for i in range(n)]
            answers = [f"{rng.choice(FOREIGN)} {phrase(rng, answer)}" for _ in range(6)]  # so many that none is right by luck
            s = {"id": "q", "question": phrase(rng, 4), "answers": answers, "ctxs": passages}
            return {**s, "target": f"{phrase(rng, answer)} {rng.choice(FOREIGN)}"} if target else s

        def ragged():
            return int(rng.integers(2, 9))

        def blank(s, field):
            s["ctxs"][1][field] = ""
            return s

        for probe, samples, n_context, limits in (
            ("texts", [sample(5, lambda: 5, target=i == 1) for i in range(3)], 3, {}),
            ("ragged", [blank(sample(3, ragged, answer=1 + i, target=i == 2), "title") for i in range(4)], 2, {}),
            (
                "long",
                [sample(2, lambda: 9 + ragged(), answer=9) for _ in range(2)],
                2,
                {"text_maxlength": 14, "answer_maxlength": 6},
            ),
            ("fewer", [blank(sample(3, ragged), "text"), *(sample(n, ragged) for n in (1, 0, 2))], 4, {}),
            ("single", [sample(1, ragged)], 1, {}),
        ):
            before, (rows, answers, stray) = snapshot(samples), wanted_rows(samples, n_context, **limits)
            whole = wanted_rows(samples, n_context, NO_LIMIT, NO_LIMIT)
            with o.probe(probe):
                ids, mask, labels = objects["reader_batch"](tokenizer, samples, n_context, **limits)
                o[f"{probe}.types"] = " ".join(str(t.dtype) if t is labels else "tensor" for t in (ids, mask, labels) if t.dim())
                o[f"{probe}.shape"] = [*ids.shape[:-1], *mask.shape[:-1], len(labels)]
                o[f"{probe}.width"] = int(ids.shape[-1] <= limits.get("text_maxlength", 200))
                o[f"{probe}.kept"] = int(snapshot(samples) == before)
                have, written = rows_of(tokenizer, ids, mask), rows_of(tokenizer, labels.clamp(min=0), labels.ne(-100))
                o[f"{probe}.rows"], o[f"{probe}.labels"] = lines(have), lines(written)
                o.note(f"{probe}.rows", rows_note(have, rows, n_context, stray, whole[0]))
                o.note(f"{probe}.labels", labels_note(written, answers, samples, whole[1]))
        return o


def _changed(model):
    """Return a copy of the model, all weights of which are half as large again."""
    other = copy.deepcopy(model)
    for p in other.parameters():
        p.data *= 1.5
    return other


class Fuse(Check):
    exercise, number, title = "fuse", "9.2", "Fusion in the decoder"
    names = ("fuse",)
    tests = (
        Test("one passage", 1, ("one.H", "one.mask", "one.logits"), "With one passage, fusion is plain T5: encode ids with their mask; the encoder's output is (B, L, d) and its mask (B, L)."),
        Test("passages apart", 2, ("many.H", "many.mask", "blank.H", "blank.mask", "blank.kept"), "Encode B*n separate texts, each with its own mask, so that no passage sees another. Position n*L + t of a question is token t of its passage n, in the vectors as in the mask; columns and passages that are all padding keep their places."),
        Test("one decoder for all", 2, ("many.logits", "blank.logits", "many.answers"), "The result must be what T5 takes as encoder_outputs and attention_mask, in forward and in generate: a BaseModelOutput and a mask (B, n*L) that is 0 at padding."),
        Test("gradient", 1, ("many.gradient", "one.gradient", "many.mode", "one.mode"), "The reader is trained through fuse: the graph must reach the encoder's weights, and the model must stay in its mode, training or evaluation."),
    )  # fmt: skip

    def observe(self, objects, seed):
        rng, o = generator(seed), Observation()
        for probe, B, n, blank in (("one", 3, 1, ()), ("many", 2, 3, ()), ("blank", 2, 3, (2, 3, 5))):
            model = tiny_reader(rng).train(probe == "many")
            L = 7
            ids, mask = padded_ids(rng, [L, *rng.integers(2, L, B * n - 1)])
            mask[list(blank)] = 0  # passages that are all padding, among them the last one of each question
            mask[:, L - len(blank) :] = 0  # columns that are all padding
            ids[mask == 0] = 4  # the mask alone decides what is padding, whatever the id is
            ids, mask = ids.view(B, n, L), mask.view(B, n, L)
            labels = torch.tensor(rng.integers(3, 40, (B, 4)))
            with torch.no_grad():
                apart = model.encoder(input_ids=ids.view(-1, L), attention_mask=mask.view(-1, L)).last_hidden_state
            with o.probe(probe):
                given = ids.clone(), mask.clone()
                with torch.no_grad():  # an earlier call with other weights must leave no trace
                    objects["fuse"](_changed(model), *given)
                encoded, fused_mask = objects["fuse"](model, *given)
                o[f"{probe}.mode"] = int(all(m.training == (probe == "many") for m in model.modules()))
                o[f"{probe}.kept"] = int(snapshot(given) == snapshot((ids, mask)))
                model.eval()
                H = encoded.last_hidden_state
                o[f"{probe}.mask"] = array(fused_mask).astype(float)
                o[f"{probe}.H"] = array(H * mask.view(B, -1, 1)) if H.shape[:2] == (B, n * L) else array(H)
                o.note(f"{probe}.mask", mask_note(fused_mask, mask))
                o.note(f"{probe}.H", places_note(H, apart, mask))
                out = model(encoder_outputs=encoded, attention_mask=fused_mask, labels=labels)
                o[f"{probe}.logits"] = array(out.logits)
                written = model.generate(
                    encoder_outputs=encoded, attention_mask=fused_mask, max_new_tokens=3, min_new_tokens=3, do_sample=False
                )
                o[f"{probe}.answers"] = "\n".join(" ".join(map(str, row)) for row in written.tolist())
                if out.loss.requires_grad:
                    out.loss.backward()
                o[f"{probe}.gradient"] = array([torch.zeros(()) if p.grad is None else p.grad.norm() for p in model.encoder.block.parameters()])  # fmt: skip
        return o


class ExactMatch(Check):
    exercise, number, title = "exact_match", "9.3", "Exact match"
    names = ("exact_match",)
    tests = (
        Test("case, punctuation, articles, blanks", 2, ("alike.case", "alike.punctuation", "alike.articles", "alike.blanks", "alike.neighbours"), "Both sides are normalised: lower case, the signs of string.punctuation deleted, the words a, an and the left out, runs of blanks become one blank."),
        Test("and nothing more", 1, ("other.words", "other.signs", "other.articles"), "After these four steps the strings must be equal as a whole. Accents, other signs such as ’, and the letters of longer words stay."),
        Test("the order of the steps", 1, ("order.initials", "order.dots"), "The steps are taken in the order in which they are listed; another order gives other results."),
        Test("any of the answers", 1, ("answers.any", "answers.none", "kept.answers"), "A prediction is right if it matches at least one of the answers, wherever it is in the list; without answers it is wrong. The list stays as it is."),
    )  # fmt: skip

    def observe(self, objects, seed):
        rng, o = generator(seed), Observation()
        syllables = "ka lo mi ren sor tu vel zé dü nar qui pol".split()

        def name(n=3):
            return "".join(rng.choice(syllables, n, replace=False)).capitalize()

        families = {
            "alike.case": lambda a, b: [(f"{a.upper()} {b.lower()}", f"{a} {b}"), (f"{a} {b}", f"{a} {b}".lower()), (a, a)],
            "alike.punctuation": lambda a, b: [(f"{a}'s ({b})!", f'{a}s "{b}"'), (f"{a}-{b}, 6,400", f"{a}{b} 6400."), (f"#{a}$", a), (f"{a}\\{b}", f"{a}{b}"), (f"{a}_{b}", f"{a}{b}"), (f"{a}...{b}... {a}...", f"{a}{b} {a}"), (f"{a}{string.punctuation}", a)],
            "alike.articles": lambda a, b: [(f"The {a} of a {b}", f"{a} of the {b}"), (f"an {a}", f"{a} THE"), (f"{a} {b}", f"{a} a {b}"), (f"The {a}, the {b} and a {a} of an {b}", f"{a} {b} and {a} of {b}")],
            "alike.blanks": lambda a, b: [(f"  {a}\n {b}\t", f"{a} {b}"), (f"{a} - {b}", f"{a} {b}"), (f"{a}  ", a), (f"{a}{' ' * 5}{b}{' ' * 4}{a}", f"{a} {b} {a}")],
            "other.words": lambda a, b: [(f"{a} {b}", a), (a, f"{a} {b}"), (f"{a} {b}", f"{b} {a}"), (f"{a} {b}", f"{a}{b}"), (f"{a} {a}", a), (f"{a} 1", a)],
            "other.signs": lambda a, b: [(f"{a}é", f"{a}e"), (f"{a}’s", f"{a}s"), (f"{a}-{b}", f"{a} {b}"), (f"{a}ß", f"{a}ss"), (f"{a}é", a)],
            "other.articles": lambda a, b: [(f"the{a} {b}", f"{a} {b}"), (f"{a}an", a), (f"{a} and {b}", f"{a} d {b}"), (f"{a} athe {b}", f"{a} {b}"), (f"{a} né a", f"{a} n é")],
            "order.initials": lambda a, b: [(f"A.N. {a}", a), (f"{a} T.H.E.", a), (f"{a} (an) {b}", f"{a} {b}")],
            "order.dots": lambda a, b: [(f"A. {a}", a), (f"a-{a}", a), (f"{a} a.{b}", f"{a} {b}")],
        }  # fmt: skip
        # All inputs are drawn before the student's function is called: an error in it then changes no other input.
        cases = {}
        for key, variants in families.items():
            # About a third of the pairs are changed so that the right result is the opposite and cannot be guessed.
            drawn = [variants(name(), name()) for _ in range(15)]
            pairs = [v[i % len(v)] for i, v in enumerate(drawn)]
            turned = (lambda p, a: (p, p.upper())) if key.startswith("other") else (lambda p, a: (p, f"{a} {name()}"))
            pairs = [turned(*pair) if rng.random() < 0.5 and i >= len(drawn[0]) else pair for i, pair in enumerate(pairs)]
            pairs = [pairs[i] for i in rng.permutation(15)]
            cases[key] = [(p, [a]) if rng.random() < 0.5 else (a, [p]) for p, a in pairs]
        asked = [(name(2), [name(3) for _ in range(rng.integers(1, 4))]) for _ in range(12)]
        cases["answers.any"] = [(p, [*answers[:k], p.upper(), *answers[k:]] if rng.random() < 0.6 else answers) for p, answers in asked for k in (0, len(answers))]  # fmt: skip
        none = [(name(), []), ("", []), ("The", ["a"]), ("", [name(), "..."]), (name(), ["", "an"])]
        cases["answers.none"] = [none[i] for i in rng.permutation(5)]
        pairs = [(name(), name()) for _ in range(4)]  # several articles in a row
        near = [pair for a, b in pairs for pair in ((f"{a} of the a {b}", f"{a} of {b}"), (f"{a} an the", a), (f"The a {a}", a))]
        turned = rng.permutation(len(near)) < 4  # the right result is then the opposite
        cases["alike.neighbours"] = [(p, [f"{a} {name()}" if t else a]) for (p, a), t in zip(near, turned)]
        for key, given in cases.items():
            with o.probe(key.split(".")[0]):
                o[key] = [float(objects["exact_match"](p, list(answers))) for p, answers in given]
                o.note(key, match_note(key, given, o[key]))
        with o.probe("kept"):
            lists = [list(answers) for _, answers in cases["answers.any"]]
            for (p, _), answers in zip(cases["answers.any"], lists):
                objects["exact_match"](p, answers)
            o["kept.answers"] = int(lists == [answers for _, answers in cases["answers.any"]])
        return o
