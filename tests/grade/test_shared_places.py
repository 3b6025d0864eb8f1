"""Two graders may write to the same folders at the same time. No control character of a file name reaches a message."""

import json
import multiprocessing
import subprocess
import sys

from autograder.grade.cache import Cache, write_json
from autograder.grade.grade import Graded
from autograder.marks.publish import report
from autograder.places import ROOT
from autograder.plain import shown


def write_often(folder, number):
    cache = Cache(folder)
    for i in range(60):
        cache.put(f"{i % 3:064d}", {"status": "ran", "by": number, "long": "x" * 5000})


def test_shards_that_share_a_cache_never_see_half_a_file(tmp_path):
    """If two processes write to one cache, a reader never sees a half-written file.

    Temporary files have random names, so this also holds on two machines where the writers have the same process number.
    """
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=write_often, args=(tmp_path, n)) for n in range(2)]
    for w in writers:
        w.start()
    while any(w.is_alive() for w in writers):
        for path in tmp_path.glob("*/*.json"):
            assert json.loads(path.read_text())["long"] == "x" * 5000
    assert [w.exitcode for w in writers] == [0, 0]
    assert all(p.suffix == ".json" for p in tmp_path.rglob("*") if p.is_file()), "nothing else is left behind"


def test_two_writers_with_one_process_number(tmp_path, monkeypatch):
    """If a second writer writes a file while the first is still writing it, the file holds the content of the one that ends last."""
    import autograder.grade.cache as cache_module

    path, honest, nested = tmp_path / "a.json", json.dumps, []

    def dumps(content, **options):
        if not nested:
            nested.append(True)
            write_json(path, {"by": "the other"})
        return honest(content, **options)

    monkeypatch.setattr(cache_module.json, "dumps", dumps)
    write_json(path, {"by": "this one"})
    assert json.loads(path.read_text()) == {"by": "this one"} and [p.name for p in tmp_path.iterdir()] == ["a.json"]


NAME = "a\x1b[31m\nred \u202egpj.ipynb"


def test_a_file_name_is_shown_on_one_line_without_escape_codes():
    text = report(Graded([], [], [(NAME, "no\x1b]0;title\x07 notebook\nmark of ada: 5")], 0), [], 0)
    assert text.splitlines()[0].startswith("not taken as a submission: a\\x1b[31m\\nred")
    assert not any(c in text for c in "\x1b\x07\u202e") and len(text.splitlines()) == 2
    assert shown("Zoë – 木.ipynb") == "Zoë – 木.ipynb" and shown("\udcff") == "\\udcff"


def test_errors_that_name_a_file_are_as_plain(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "autograder", "replay", str(tmp_path / NAME), "x.ipynb"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode and "\x1b" not in done.stderr and "Traceback" not in done.stderr and "red" in done.stderr


def test_what_a_killed_command_leaves_is_ignored_by_git():
    for left in (".recording-a1b2c3/0/x.ipynb", "autograder/secret_seed.123.part", "dpr_course/assets/bands.part"):
        assert subprocess.run(["git", "check-ignore", "-q", left], cwd=ROOT).returncode in (0, 128), left
