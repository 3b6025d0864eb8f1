"""Puts the files of an earlier commit of this course into a folder, so that it can be measured in turn with today's version."""

import io
import os
import shutil
import subprocess
import sys
import tarfile

from autograder.places import ROOT

COMMIT = "2f2d0d3"  # version 0.1, of 25 November 2026: nine stages, before any work on speed


def earlier_build(commit=COMMIT):
    """Return the folder with the files of `commit`. If the folder does not exist, make it with `git archive`.

    Raises OSError if `git archive` fails.
    """
    folder = ROOT / "build" / f"earlier-{commit}"
    if folder.is_dir():
        return folder
    done = subprocess.run(["git", "archive", commit], cwd=ROOT, capture_output=True)
    if done.returncode:
        told = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise OSError(
            f"the commit {commit}, against which this build is measured, is not in this copy ({' '.join(told)}): clone the "
            "repository with its whole history (`git fetch --unshallow` completes a shallow clone) and run the command again"
        )
    part = folder.with_name(f"{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        archive.extractall(part, filter="data")
    part.rename(folder)
    return folder


def environment(folder):
    """Return a dict of environment variables with which Python imports dpr_course and autograder from `folder`.

    The variables also switch off the network and progress bars, and set the course's options to their defaults.
    """
    fixed = {
        "PYTHONPATH": str(folder),
        "DPR_NO_PROGRESS": "1",
        "DPR_DEVICE": "cpu",
        "HF_HUB_OFFLINE": "1",
        "PYTHONWARNINGS": "ignore",
    }
    left_out = ("DPR_TRACK", "DPR_DATA", "DPR_ENCODER", "DPR_READER", "DPR_REPORT", "DPR_PICTURES", "DPR_FRESH")
    return {**{k: v for k, v in os.environ.items() if k not in left_out}, **fixed}


def run(folder, *arguments, scratch, statuses=(0,)):
    """Run Python with `arguments` in `folder` and return its standard output.

    scratch   folder where the course keeps trained models; if it is empty, every model is trained again
    statuses  exit statuses that do not count as a failure

    Raises OSError, with the end of standard error, if the exit status is not one of `statuses`.
    """
    command = [sys.executable, "-P", *map(str, arguments)]
    env = environment(folder) | {"DPR_KEPT": str(scratch)}
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, encoding="utf-8", errors="replace")
    if done.returncode not in statuses:
        raise OSError(f"{folder}: {' '.join(map(str, arguments))} failed with status {done.returncode}\n{done.stderr[-1500:]}")
    return done.stdout
