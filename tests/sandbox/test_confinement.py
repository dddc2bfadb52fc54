"""Confined workers: what is in force, what is refused, and that a worker or a zygote that goes harms nobody."""

import ctypes
import os
import shutil
import signal
import socket
import struct
from pathlib import Path

import numpy as np
import pytest

from nnedu.errors import UsageError
from nnedu.outcome import State
from nnedu.sandbox import landlock, seccomp
from nnedu.sandbox.client import Proxy
from nnedu.sandbox.confinement import Confinement
from nnedu.sandbox.failure import StudentFailure
from nnedu.sandbox.layers import Bubblewrap, Files, Layer, Layers, Policy
from nnedu.sandbox.message import Message
from nnedu.sandbox.submission import Limits, Submission
from nnedu.sandbox.wire import pack

ALLOWED = frozenset({"numpy", "os", "signal", "time", "fcntl", "colorsys"})
POLICIES = {
    "everything": Policy(memory_mib=512),
    "no bubblewrap": Policy(memory_mib=512, bubblewrap=Bubblewrap.NEVER),
    "no files": Policy(memory_mib=512, files=Files.NONE),
}


@pytest.fixture(scope="module", params=POLICIES)
def confinement(request):
    with Confinement(POLICIES[request.param]) as one:
        yield one


@pytest.fixture
def student(confinement):
    """Make the proxy of a confined module `m`."""
    made = []

    def make(source, limits=None):
        texts = {"m": source}
        submission = Submission(
            texts, lambda: confinement.channel(texts, ALLOWED), allowed=ALLOWED, limits=limits or Limits(5.0)
        )
        made.append(submission)
        return Proxy(submission, "m")

    yield make
    for submission in made:
        submission.close()


def failure_of(call):
    with pytest.raises(StudentFailure) as raised:
        call()
    return raised.value


def descriptors():
    return {(path.name, str(path.readlink())) for path in Path("/proc/self/fd").iterdir() if path.exists()}


def test_values_cross_small_and_large(student):
    double = student("def double(x):\n    return x * 2\n").double
    for size in (0, 1, 10, 10_000, 1_000_000):
        x = np.arange(size, dtype=float)
        y = double(x)
        assert y.shape == x.shape
        assert np.array_equal(y, 2 * x)


def test_what_is_in_force_is_said(confinement):
    layers = confinement.layers
    assert layers.seccomp
    assert layers.files in {"none", "library"}
    assert layers.has(Layer.SECCOMP)
    assert layers.bubblewrap is (confinement.policy.bubblewrap is Bubblewrap.AUTO and shutil.which("bwrap") is not None)
    assert str(layers.uid) in layers.sentence()
    if confinement.policy.files is Files.NONE:
        assert layers.files == "none"


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become somebody else")
def test_root_runs_student_code_as_nobody(student, confinement):
    assert confinement.layers.own_uid
    assert (
        student("import os\n\n\ndef who():\n    return [*os.getresuid(), *os.getresgid(), *os.getgroups()]\n").who
        is not None
    )
    source = "import os\n\n\ndef who():\n    return [os.getuid(), os.geteuid(), os.getgid(), os.getegid()]\n"
    assert student(source).who() == [65534] * 4


def test_nothing_but_the_library_can_be_read(student, tmp_path, confinement):
    tmp_path.chmod(0o755)
    secret = tmp_path / "secret.txt"
    secret.write_text("42")
    secret.chmod(0o644)
    reading = student("def read(path):\n    with open(path) as file:\n        return file.read()\n")
    for path in (str(secret), "/etc/passwd", "/proc/self/environ", "/proc/self/maps", __file__):
        failure = failure_of(lambda path=path: reading.read(path))
        assert failure.error_type in {"PermissionError", "FileNotFoundError"}
    lazily = student("def late():\n    import colorsys\n    return colorsys.rgb_to_hsv(0.0, 0.0, 1.0)[2]\n")
    if confinement.layers.files == "library":
        assert lazily.late() == 1.0
    else:
        assert failure_of(lazily.late).state is State.RAISED


def test_memory_is_bounded_and_said(student):
    greedy = student(
        "import numpy as np\n\n\ndef f(n):\n    return float(np.ones(n).sum())\n", Limits(5.0, memory_mib=512)
    )
    failure = failure_of(lambda: greedy.f(10**9))
    assert "ran out of memory (limit 512 MiB), at m.py:5" in failure.message
    assert greedy.f(10) == 10.0


def test_cpu_time_is_bounded_and_said():
    """Even where the handler of the warning is the student's."""
    source = (
        "import signal\n\n\ndef f():\n    signal.signal(signal.SIGXCPU, signal.SIG_IGN)\n"
        "    while True:\n        pass\n"
    )
    with Confinement(Policy(cpu_seconds=1)) as one:
        texts = {"m": source}
        submission = Submission(texts, lambda: one.channel(texts, ALLOWED), allowed=ALLOWED, limits=Limits(20.0))
        failure = failure_of(lambda: Proxy(submission, "m").f())
        submission.close()
    assert failure.state is State.STOPPED
    assert "limit 1 s" in failure.message
    assert "CPU" in failure.summary


@pytest.mark.parametrize(
    "call", ["os.fork()", "os.kill(os.getppid(), 9)", "os.execv('/bin/true', ['true'])", "os.setsid()"]
)
def test_other_processes_are_out_of_reach(student, call):
    failure = failure_of(student(f"import os\n\n\ndef f():\n    return {call}\n").f)
    assert failure.error_type == "PermissionError" or "returned" in failure.summary


def test_signals_through_a_descriptor_are_refused(student):
    source = "import fcntl\nimport os\n\n\ndef f():\n    fcntl.fcntl(3, fcntl.F_SETOWN, os.getppid())\n    return 1\n"
    assert failure_of(student(source).f).error_type in {"PermissionError", "ModuleNotFoundError"}


def test_an_answer_that_nobody_asked_for_breaks_the_submission(student):
    """Else it would be taken for the answer to the next question."""
    body = {"value": 42.0, "changed": [], "aliased": False, "seconds": 0.0, "printed": "", "lost": 0, "warnings": []}
    forged = pack(Message("reply", body))
    one = student(
        f"import os\n\n\ndef f(x):\n    return x\n\n\ndef early(x):\n    os.write(3, {forged * 2!r})\n    return x\n"
    )
    assert one.f(1.0) == 1.0
    assert one.early(2.0) == 42.0  # values are all that a worker can forge
    assert "before it was asked" in failure_of(lambda: one.f(2.0)).message
    assert one.f(3.0) == 3.0  # in a fresh worker


def test_a_zygote_that_is_gone_is_replaced():
    """And what the first has made is not mistaken for what the second makes, even where the numbers are the same."""
    echo = {"m": "def f(x):\n    return x\n"}
    with Confinement(Policy()) as one:
        old, new = (
            Submission(echo, lambda: one.channel(echo, ALLOWED), allowed=ALLOWED, limits=Limits(5.0)) for _ in range(2)
        )
        assert Proxy(old, "m").f(1.0) == 1.0
        one._process.send_signal(signal.SIGKILL)
        one._control.shutdown(socket.SHUT_RDWR)
        one._process.wait()
        assert Proxy(new, "m").f(2.0) == 2.0
        assert failure_of(lambda: Proxy(old, "m").f(3.0)).summary == "ended the process it ran in"
        assert Proxy(new, "m").f(4.0) == 4.0
        assert Proxy(old, "m").f(5.0) == 5.0
        old.close()
        new.close()


def test_nothing_is_left_when_it_ends():
    before = descriptors()
    with Confinement(Policy()) as one:
        texts = {"m": "def f():\n    while True:\n        pass\n"}
        submission = Submission(texts, lambda: one.channel(texts, ALLOWED), allowed=ALLOWED, limits=Limits(0.3))
        failure = failure_of(lambda: Proxy(submission, "m").f())
        assert "in the loop `while True`" in failure.summary
        submission.close()
    assert descriptors() == before


def test_below_the_minimum_nobody_is_graded(monkeypatch):
    weak = Layers(seccomp=True, landlock=0, files="none", bubblewrap=False, uid=0, own_uid=False)
    monkeypatch.setattr(Confinement, "layers", weak)
    with pytest.raises(UsageError) as raised, Confinement(Policy(minimum=(Layer.SECCOMP, Layer.BUBBLEWRAP))):
        pass
    assert "bubblewrap" in raised.value.sentence
    assert "apt-get install bubblewrap" in raised.value.next_step


def test_the_numbers_of_system_calls_are_those_of_libseccomp():
    try:
        library = ctypes.CDLL("libseccomp.so.2")
    except OSError:
        pytest.skip("libseccomp, an independent list of the numbers, is not installed")
    tokens = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
    for architecture, token in tokens.items():
        for name, number in seccomp.numbers(architecture).items():
            assert library.seccomp_syscall_resolve_name_arch(token, name.encode()) == number, (architecture, name)


def test_every_jump_of_the_filter_lands_inside_it():
    for files in (True, False):
        for architecture in ("x86_64", "aarch64"):
            program = seccomp.program(architecture, files=files)
            steps = [program[i : i + 8] for i in range(0, len(program), 8)]
            for index, step in enumerate(steps):
                if step[0] in {0x15, 0x35}:
                    assert index + 1 + max(step[2], step[3]) < len(steps)
            assert steps[-1][0] == 0x06


def answer(steps, number, arguments=(0,) * 6):
    """Return what a filter says to a system call, as the kernel works it out."""
    data = struct.pack("<iIQ6Q", number, 0xC000003E, 0, *arguments)
    at = loaded = 0
    while True:
        code, then, otherwise, value = struct.unpack_from("<HBBI", steps, 8 * at)
        at += 1
        if code == 0x20:
            (loaded,) = struct.unpack_from("<I", data, value)
        elif code == 0x54:
            loaded &= value
        elif code == 0x15:
            at += then if loaded == value else otherwise
        elif code == 0x35:
            at += then if loaded >= value else otherwise
        else:
            assert code == 0x06
            return value


@pytest.mark.parametrize("files", [True, False])
def test_every_system_call_has_the_answer_that_the_lists_give_it(files):
    """Of all numbers that there are, and some beyond; with arguments of zero, which only ask."""
    allowed, refused, nowhere, unknown, killed = 0x7FFF0000, 0x50001, 0x50002, 0x50026, 0x80000000
    table, steps = seccomp.numbers("x86_64"), seccomp.program("x86_64", files=files)
    expected = {table[name]: allowed for name in (*seccomp.PLAIN, "fcntl", "prlimit64") if name in table}
    expected |= {table[name]: allowed if files else nowhere for name in seccomp.PATHS if name in table}
    expected[table["clone3"]] = unknown
    for number in range(1000):
        assert answer(steps, number) == expected.get(number, refused), number
    for number in (1 << 30, (1 << 30) + 1, -1):
        assert answer(steps, number) == killed
    arguments = {
        "open": [((0, 0o1), False), ((0, 0o101), False), ((0, 0o2000000), files)],
        "openat": [((0, 0, 0o2), False), ((0, 0, 0o10000000), False), ((0, 0, 0o2000000), files)],
        "fcntl": [((3, 8), False), ((3, 1030), True), ((3, (1 << 32) + 1), True)],
        "ioctl": [((0, 0x5412), False), ((0, 0x5401), True)],
        "prlimit64": [((0, 7, 1), False), ((0, 7, 1 << 32), False)],
    }
    for name, cases in arguments.items():
        for given, right in cases:
            found = answer(steps, table[name], (*given, *(0,) * (6 - len(given))))
            assert found == (allowed if right else refused if files or "open" not in name else nowhere), (name, given)


def test_landlock_says_its_version():
    assert landlock.version() >= 0
