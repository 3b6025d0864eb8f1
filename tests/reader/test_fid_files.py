"""Data files of Fusion-in-Decoder: published files are read, written files are read back, and errors name the damaged place."""

import copy
import gzip
import json
import random

import pytest
from fid_damages import DAMAGES

from dpr_course.cli import main
from dpr_course.reader.fid_files import equal_contexts, load_fid, refuse_untaught, write_fid
from dpr_course.records import DataError

# The form of the files that the authors publish: scores are text, with varying numbers of digits.
PUBLISHED = [
    {
        "id": "0",
        "question": "who got the first nobel prize in physics",
        "target": "Wilhelm Conrad Röntgen",
        "answers": ["Wilhelm Conrad Röntgen"],
        "ctxs": [
            {"id": "628725", "title": "Nobel Prize", "text": "his death", "score": "9.5", "hasanswer": False},
            {"id": "284495", "title": "Wilhelm Röntgen", "text": "earned him the first", "score": "81.25", "hasanswer": True},
            {"id": "628713", "title": "", "text": "prizes were first awarded", "score": "-3e-1", "hasanswer": False},
        ],
    },
    {
        "id": 1,
        "question": "when is the next deadpool movie being released",
        "answers": ["May 18, 2018"],
        "ctxs": [{"id": "7", "title": "Deadpool 2", "text": "It was released"}, {"id": "8", "title": "Deadpool", "text": "A film"}],
    },
]


def file_of(folder, content, name="data.json"):
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def test_the_published_form_is_read_with_scores_as_numbers(tmp_path):
    first, second = load_fid(file_of(tmp_path, PUBLISHED))
    assert [p["score"] for p in first["ctxs"]] == [81.25, 9.5, -0.3], "as text, 9.5 would stand before 81.25"
    assert [p["id"] for p in first["ctxs"]] == ["284495", "628725", "628713"]
    assert first["target"] == "Wilhelm Conrad Röntgen" and first["ctxs"][0]["hasanswer"] is True
    assert second["id"] == "1" and "target" not in second
    assert [p["id"] for p in second["ctxs"]] == ["7", "8"], "without scores the order is kept"


def test_a_list_lines_and_packed_files_are_the_same(tmp_path):
    expected = load_fid(file_of(tmp_path, PUBLISHED))
    lines = "\n".join(map(json.dumps, PUBLISHED))
    assert load_fid(file_of(tmp_path, lines, "data.jsonl")) == expected
    (tmp_path / "data.json.gz").write_bytes(gzip.compress(lines.encode()))
    assert load_fid(tmp_path / "data.json.gz") == expected


@pytest.mark.parametrize("name", ["copy.json", "copy.jsonl"])
def test_what_is_written_is_read_back_with_fields_of_others(tmp_path, name):
    records = copy.deepcopy(PUBLISHED)
    records[0]["source"], records[0]["ctxs"][0]["url"] = {"year": 2021, "half": "\ud800"}, "https://example.org"
    samples = load_fid(file_of(tmp_path, records))
    write_fid(tmp_path / name, samples)
    assert load_fid(tmp_path / name) == samples
    assert samples[0]["source"]["year"] == 2021 and samples[0]["ctxs"][1]["url"] == "https://example.org"
    assert (tmp_path / name).read_text().count("\n") == (4 if name == "copy.json" else 2), "a line per question"


def test_names_of_dpr_and_pyserini_are_read(tmp_path):
    dpr = {"question": "who", "answers": ["Io"], "ctxs": [{"id": "1", "title": "t", "text": "x", "score": "1", "has_answer": True}]}
    pyserini = {
        "3": {"question": "who", "answers": ["Io"], "contexts": [{"docid": 9, "score": 2.5, "text": "x", "has_answer": False}]}
    }
    [sample] = load_fid(file_of(tmp_path, [dpr]))
    assert sample["id"] == "q00000" and sample["ctxs"] == [{"id": "1", "title": "t", "text": "x", "score": 1.0, "hasanswer": True}]
    [sample] = load_fid(file_of(tmp_path, pyserini))
    assert sample["id"] == "3" and sample["ctxs"] == [{"id": "9", "title": "", "text": "x", "score": 2.5, "hasanswer": False}]


def test_what_cannot_be_taught_or_compared_is_refused(tmp_path):
    samples = load_fid(file_of(tmp_path, PUBLISHED))
    refuse_untaught(samples, "f")
    with pytest.raises(DataError, match="f: record 1: has neither"):
        refuse_untaught([samples[0], {**samples[1], "answers": [" "]}], "f")
    assert [len(s["ctxs"]) for s in equal_contexts(samples[:1] * 2, None, "f")] == [3, 3]
    with pytest.raises(DataError, match="f: record 1: field 'ctxs' holds 2 passages, 3 are"):
        equal_contexts(samples, None, "f")
    with pytest.raises(DataError, match=r"f: record 1, ctxs\[0\]: field 'score' is missing"):
        equal_contexts(samples, 2, "f")


def sound(rng):
    """Return two to six valid records, with two to five passages each."""
    return [
        {
            "id": f"q{i}",
            "question": f"who is {i}",
            "answers": [f"person {i}"],
            "target": f"person {i}",
            "ctxs": [
                {"id": f"p{j}", "title": f"title {j}", "text": f"text {j}", "score": str(9.5 - j), "hasanswer": j == 0}
                for j in range(rng.randint(2, 5))
            ],
        }
        for i in range(rng.randint(2, 6))
    ]


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_a_damaged_file_is_told_with_its_place(damage, tmp_path):
    """For each kind of damage, 20 damaged files are read. The command ends with one message that names the file and the damaged part."""
    for seed in range(20):
        rng = random.Random(f"{damage.__name__} {seed}")
        path = file_of(tmp_path, sound(rng), f"{seed}.json")
        load_fid(path)
        content, named = damage(rng, json.loads(path.read_text()))
        path.write_bytes(content)
        with pytest.raises(SystemExit) as told:
            main(["read", "no-reader", str(path), "--out", str(tmp_path / "answers.tsv")])
        assert str(told.value).startswith(f"dpr-course read: {path}"), (seed, told.value)
        assert all(part in str(told.value) for part in named), (seed, named, told.value)
        assert "\n" not in str(told.value)
