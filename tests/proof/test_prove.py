"""The proof, which tests the checks on known right and wrong answers, succeeds, equals the published one, and finds errors."""

import json
import shutil

import pytest

from autograder.proof.bank import BANK
from autograder.proof.mutants import mutants
from autograder.proof.prove import KILLED, SEEDS, prove_exercise, readme
from autograder.repair.cpu_time import OutOfCpuTime, cpu_seconds
from autograder.stages.source import without_solution
from dpr_course.checks import CHECKS, PUBLISHED_SEED

SOURCE = """def f(X, Y, mask=None):
    ### BEGIN SOLUTION
    S = X @ Y.T
    if not mask:
        return S.mean(dim=1)[:2], max(0, 1)
    ### END SOLUTION
"""


@pytest.fixture(scope="module")
def proofs():
    return {}


@pytest.mark.parametrize("exercise", CHECKS)
def test_every_check_is_proved(exercise, proofs):
    proof = proofs[exercise] = prove_exercise(CHECKS[exercise])
    assert not proof.problems, "\n".join(proof.problems)
    assert proof.killed + len(proof.equivalent) >= KILLED * proof.mutants > 0


def test_the_published_table_is_this_one(proofs):
    if set(proofs) != set(CHECKS):
        pytest.skip("only some of the checks were proved")
    again = "run python -m autograder prove"
    assert (BANK / "README.md").read_text(encoding="utf-8") == readme([proofs[e] for e in CHECKS]), again


def proved(tmp_path, write=(), remove=()):
    """Return the problems that the proof reports for exercise 3.1 with a changed bank of answers.

    write: {name of a file in the bank: its text}. remove: names of files to delete.
    """
    folder = tmp_path / "get_topk_candidates"
    shutil.copytree(BANK / folder.name, folder)
    for name, text in dict(write).items():
        (folder / name).write_text(text, encoding="utf-8")
    for name in remove:
        (folder / name).unlink()
    return prove_exercise(CHECKS[folder.name], SEEDS[:2], tmp_path).problems


RIGHT = (BANK / "get_topk_candidates" / "right_sort.py").read_text(encoding="utf-8")
WRONG = (BANK / "get_topk_candidates" / "wrong_lowest_scores.py").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "write, words",
    [
        ({"right_lowest.py": WRONG}, "right_lowest: loses points on 'the right passages, best first'"),
        ({"right_broken.py": "def get_topk_candidates(\n"}, "right_broken: could not be defined: SyntaxError"),
        (
            {"wrong_not_at_all.py": f"# mistake: nothing.\n# caught by: their scores\n{RIGHT}"},
            "wrong_not_at_all: keeps the points of 'their scores'",
        ),
        ({"wrong_unknown.py": f"# mistake: x.\n# caught by: the weather\n{RIGHT}"}, "no test is called 'the weather'"),
        (
            {"wrong_lowest_scores.py": WRONG.replace("# mistake: ", "# mistake: another sentence, ")},
            "wrong_lowest_scores: the student does not read the declared message but: This is what you get if",
        ),
        (
            {"wrong_alike.py": WRONG.replace("# mistake: ", "# mistake: another sentence, ")},
            "wrong_alike: the student reads another mistake's message on 'the right passages, best first'",
        ),
        ({"equivalent.json": "{}"}, "mutant: keeps full marks: S = X @ Y.T -> S = X.detach() @ Y.T"),
        ({"equivalent.json": json.dumps({"S = 1 -> S = 2": "old"})}, "names no mutant that keeps its marks: S = 1 -> S = 2"),
    ],
)
def test_the_proof_fails_where_it_should(tmp_path, write, words):
    assert any(words in p for p in proved(tmp_path, write))


def test_the_bank_must_be_large_enough(tmp_path):
    rights = [p.name for p in (BANK / "get_topk_candidates").glob("right_*.py")]
    assert any("right_*.py, 3 are needed" in p for p in proved(tmp_path, remove=rights[2:]))


def test_a_solution_that_runs_for_ever_is_stopped():
    with pytest.raises(OutOfCpuTime), cpu_seconds(0.05):
        while True:
            pass


def test_mutants_are_the_mistakes_that_people_make():
    texts = {m.text for m in mutants(SOURCE)}
    assert texts >= {
        "S = X @ Y.T -> pass",
        "S = X @ Y.T -> S = X @ Y",
        "S = X @ Y.T -> S = Y.T @ X",
        "S = X @ Y.T -> S = X @ X.T",
        "if not mask: -> if mask:",
        "return (S.mean(dim=1)[:2], max(0, 1)) -> return (S.sum(dim=1)[:2], max(0, 1))",
        "return (S.mean(dim=1)[:2], max(0, 1)) -> return (S.mean(dim=0)[:2], max(0, 1))",
        "return (S.mean(dim=1)[:2], max(0, 1)) -> return (S.mean()[:2], max(0, 1))",
        "return (S.mean(dim=1)[:2], max(0, 1)) -> return (S.mean(dim=1)[:3], max(0, 1))",
        "return (S.mean(dim=1)[:2], max(0, 1)) -> return (S.mean(dim=1)[2:], max(0, 1))",
        "return (S.mean(dim=1)[:2], max(0, 1)) -> return (S.mean(dim=1)[:2], min(0, 1))",
    }


def test_mutants_are_distinct_valid_and_change_the_answer_only():
    made = mutants(SOURCE)
    assert len({m.text for m in made}) == len({m.code for m in made}) == len(made)
    for m in made:
        compile(m.code, "mutant", "exec")
        assert m.code.startswith("def f(X, Y, mask=None):")


def test_the_untouched_exercise_is_the_answer_cut_out():
    assert without_solution(SOURCE, "# here\nraise NotImplementedError") == (
        "def f(X, Y, mask=None):\n    # here\n    raise NotImplementedError\n"
    )


def test_the_published_seed_is_among_those_proved():
    assert PUBLISHED_SEED in SEEDS and len(set(SEEDS)) >= 3
