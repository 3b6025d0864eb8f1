"""The measured peak memory belongs to the process alone, and grows with what the process holds."""

import os
import subprocess
import sys

import pytest

from dpr_course.files import ASSETS
from dpr_course.pipeline.peak import peak_memory


@pytest.mark.skipif(sys.platform != "linux", reason="other systems say it only of this process, from the peak of its parent on")
def test_the_peak_of_a_process_is_its_own():
    here = bytearray(300 << 20)  # must not count for the process that is started below, although ru_maxrss counts it there
    code = "from dpr_course.pipeline.peak import peak_memory; print(peak_memory())"
    told = subprocess.run([sys.executable, "-c", code], cwd=ASSETS.parents[1], capture_output=True, text=True, check=True)
    assert 5 < float(told.stdout) < 100 < 300 < peak_memory() and len(here)
    assert peak_memory(os.getpid()) == pytest.approx(peak_memory(), rel=0.1) and peak_memory(2**22 + 1) is None


def test_peak_memory_grows_with_what_is_held():
    before = peak_memory()
    big = bytearray(1600 << 20)  # 1,600 MB, more than earlier tests in this process have held
    assert peak_memory() >= 1500 and peak_memory() >= before and len(big)
