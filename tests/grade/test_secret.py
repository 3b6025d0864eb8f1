"""The secret seed, from which hidden inputs are drawn, is made once, and only its owner can read its file."""

import pytest

from autograder.grade.secret import fingerprint, hidden_seeds, load_secret


def test_the_secret_is_made_once_and_only_for_its_owner(tmp_path):
    path = tmp_path / "secret_seed"
    first = load_secret(path)
    assert load_secret(path) == first and len(first) == 64 and path.stat().st_mode & 0o077 == 0
    assert fingerprint(first) not in first and first not in fingerprint(first)
    assert len(set(hidden_seeds("a", first) + hidden_seeds("b", first))) == 4
    path.write_text("short")
    with pytest.raises(ValueError, match="at least 32"):
        load_secret(path)
