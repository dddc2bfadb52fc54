"""Every attack in every configuration: what it earns, what it leaves, and that the next student is graded rightly.

The rows that are not in the table: 21 and 22 are in test_attack_reports.py, 56 to 58 in test_attack_intake.py, 41 is
below. 72 has no counterpart (there is no shared memory), 74 and 80 are no matter of a sandbox.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from attacks_configurations import cases
from attacks_grader import ATTACKS, COURSE
from attacks_surroundings import descendants
from attacks_table import HONEST
from attacks_verdict import complaints

from nnedu.course import load_course
from nnedu.running.limits import policy_of
from nnedu.sandbox.confinement import Confinement
from nnedu.sandbox.layers import Bubblewrap

ELSEWHERE = {21, 22, 41, 56, 57, 58, 72, 74, 80}


@pytest.mark.parametrize(("configuration", "attack"), cases())
def test_attack(graders, configuration, attack):
    layers, result = graders.result(configuration, attack)
    if configuration.bubblewrap is Bubblewrap.AUTO and "no bubblewrap" in layers:
        pytest.skip("bubblewrap does not start here")
    assert complaints(attack, result, confined=configuration.confined) == []


def test_every_row_is_here():
    assert {attack.row for attack in ATTACKS.values()} | ELSEWHERE == set(range(1, 81))


@pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is Linux's")
def test_where_memory_runs_out_a_worker_goes_first():
    """Row 41: many workers at their limits may exhaust a machine, which then ends one of them, and not the grader."""
    course, before = load_course(COURSE), set(descendants(os.getpid()))
    with Confinement(policy_of(course)) as confinement:
        channel = confinement.channel({"targets": HONEST}, course.imports)
        try:
            made = set(descendants(os.getpid())) - before
            (worker,) = (pid for pid in made if not list(descendants(pid)))
            assert Path(f"/proc/{worker}/oom_score_adj").read_text().strip() == "1000"
        finally:
            channel.close()
