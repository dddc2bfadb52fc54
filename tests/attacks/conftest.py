"""A grader for each configuration. Some work ahead of the tests: most of an attack is waiting for its deadline."""

from __future__ import annotations

import pytest
from attacks_configurations import GraderProcess, unavailable

AHEAD = 3


class Graders:
    """The graders of all configurations that are to be tested, with their attacks, in order."""

    def __init__(self, wanted):
        self._wanted = wanted
        self._known = {}

    def result(self, configuration, attack):
        names = list(self._wanted)
        here = names.index(configuration.name)
        for name in names[here : here + 1 + AHEAD]:
            if name not in self._known:
                self._known[name] = GraderProcess(*self._wanted[name])
        grader = self._known[configuration.name]
        if not grader.alive:  # the attack before this one has ended it
            grader = self._known[configuration.name] = GraderProcess(configuration, grader.left[1:])
        return grader.layers, grader.result(attack.id)

    def close(self):
        for grader in self._known.values():
            if grader.alive:
                grader.close()


@pytest.fixture(scope="session")
def graders(request):
    """The graders of what this session tests."""
    wanted = {}
    for item in request.session.items:
        parameters = item.callspec.params if hasattr(item, "callspec") else {}
        configuration, attack = parameters.get("configuration"), parameters.get("attack")
        if configuration is not None and attack is not None and not unavailable(configuration):
            wanted.setdefault(configuration.name, (configuration, []))[1].append(attack.id)
    kept = Graders(wanted)
    yield kept
    kept.close()
