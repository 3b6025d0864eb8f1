"""The git tag from which notebooks in Colab install the package: `release` warns if the remote repository does not have it."""

import subprocess

import pytest

from autograder import __main__ as command_line
from autograder.authoring import project
from autograder.authoring.project import why_not_in_colab
from dpr_course.start import version_tag


def git(folder, *arguments):
    who = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false", "-c", "tag.gpgsign=false"]
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course in a git repository, with a remote repository that stands in for the one that pyproject.toml names."""
    folder, remote = tmp_path / "course", tmp_path / "remote.git"
    (folder / "notebooks").mkdir(parents=True)
    (folder / "notebooks" / "a.ipynb").write_text("{}")
    (folder / "README.md").write_text("a course")
    git(tmp_path, "init", "-q", "--bare", str(remote))
    git(folder, "init", "-q")
    git(folder, "remote", "add", "origin", str(remote))
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "first")
    monkeypatch.setattr(project, "repository", lambda: str(remote))
    return folder


def test_the_advice_is_what_is_missing_and_following_it_is_enough(course):
    tag = version_tag()
    assert why_not_in_colab(course).endswith(f"which does not exist there: run `git tag {tag} && git push --tags`")
    git(course, "tag", tag)
    assert why_not_in_colab(course).endswith("which does not exist there: run `git push --tags`")
    git(course, "push", "--tags")
    assert why_not_in_colab(course) == ""
    git(course, "tag", "-d", tag)
    assert why_not_in_colab(course) == "", "the repository is what Colab asks"


def test_a_raised_version_needs_a_tag_of_its_own(course, monkeypatch):
    git(course, "tag", version_tag())
    git(course, "push", "--tags")
    monkeypatch.setattr("dpr_course.__version__", "9.9.9")
    assert "git tag v9.9.9 && git push --tags" in why_not_in_colab(course)


def test_a_tag_of_other_notebooks_is_none_of_this_release(course):
    git(course, "tag", version_tag())
    git(course, "push", "--tags")
    (course / "README.md").write_text("what students do not install")
    assert why_not_in_colab(course) == ""
    (course / "notebooks" / "a.ipynb").write_text("{ }")
    assert "have changed since it was made" in why_not_in_colab(course)


def test_where_no_repository_answers_the_tags_of_this_folder_count(course, monkeypatch):
    monkeypatch.setattr(project, "repository", lambda: str(course.parent / "nowhere"))
    assert f"git tag {version_tag()} && git push --tags" in why_not_in_colab(course)
    git(course, "tag", version_tag())
    assert why_not_in_colab(course) == ""


def test_without_git_it_says_that_it_could_not_check(course, monkeypatch):
    monkeypatch.setattr(project, "repository", lambda: str(course.parent / "nowhere"))
    unpacked = course / "unpacked"  # a folder inside another git repository, whose tags are not the course's
    unpacked.mkdir()
    assert "could not be checked" in why_not_in_colab(unpacked)
    monkeypatch.setenv("PATH", "")
    assert "could not be checked" in why_not_in_colab(course)


@pytest.mark.parametrize("colab", [False, True])
def test_the_command_warns_and_with_colab_refuses(colab, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(project, "why_not_in_colab", lambda: "the tag is not there: make it")
    monkeypatch.setattr(command_line, "move_in", lambda: "")
    monkeypatch.setattr(
        "sys.argv", ["autograder", "release", "--to", str(tmp_path / "x.zip"), "--stages", "01"] + ["--colab"] * colab
    )
    with pytest.raises(SystemExit) as end:
        command_line.main()
    out = capsys.readouterr().out
    assert (tmp_path / "x.zip").exists() != colab
    if colab:
        assert end.value.code == "nothing was released. the tag is not there: make it"
    else:
        assert not end.value.code
        assert (
            out == "released 01_dual_encoder\nFor a class in Colab: the tag is not there: make it. Elsewhere nothing is missing.\n"
        )
