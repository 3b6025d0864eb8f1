"""Any change of a notebook file, in its JSON or its bytes, gives a repaired notebook or a reason, and never a crash."""

import json

import nbformat
from damages import LOSS, WRITTEN_STAGE, clean
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.repair.notebook_file import NotGradable
from autograder.repair.repair import repair
from autograder.repair.syntax import parse

JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from([f"# exercise: {LOSS}\n", "%%time"]),
    lambda s: st.lists(s, max_size=3) | st.dictionaries(st.sampled_from(["source", "id", "cell_type", "outputs"]), s, max_size=3),
    max_leaves=6,
)


def places(node, path=()):
    """Yield every path in a JSON document, each as a tuple of keys and indices. The first is (), the document itself."""
    yield path
    for key, value in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        yield from places(value, (*path, key))


PLACES = list(places(json.loads(clean(WRITTEN_STAGE))))


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.sampled_from(PLACES), st.sampled_from(["set", "delete", "copy"]), JUNK), min_size=1, max_size=8))
def test_any_change_of_the_json_gives_a_repaired_notebook_or_a_reason(changes):
    nb = json.loads(clean(WRITTEN_STAGE))
    for path, what, junk in changes:
        try:
            node = nb
            for key in path[:-1]:
                node = node[key]
            if not path:
                nb = junk if what == "set" else nb
            elif what == "set":
                node[path[-1]] = junk
            elif what == "delete":
                del node[path[-1]]
            elif isinstance(node, list):
                node.insert(0, node[path[-1]])
        except (LookupError, TypeError, AttributeError):
            continue  # an earlier change removed this path
    never_crashes(json.dumps(nb).encode())


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 10**6), st.binary(max_size=30))
def test_any_change_of_the_bytes_gives_a_repaired_notebook_or_a_reason(a, b, junk):
    raw = clean(WRITTEN_STAGE)
    a, b = sorted((a % len(raw), b % len(raw)))
    never_crashes(raw[:a] + junk + raw[min(b, a + 500) :])


def never_crashes(raw):
    try:
        repaired = repair(raw, WRITTEN_STAGE)
    except NotGradable as e:
        assert str(e)
        return
    nbformat.validate(repaired.notebook)
    nbformat.writes(repaired.notebook).encode()
    for text in [*repaired.exercises.values(), *repaired.written.values(), *repaired.notes]:
        assert isinstance(text, str) and text.encode() is not None
    for texts in repaired.extras.values():
        assert all(parse(t) is not None for t in texts)
