"""Feeds mutated frames to the grader: `.venv/bin/python benchmarks/fuzz_wire.py --minutes 3 --seed 1`.

The frames are those of real submissions to two lessons. A child process with little memory reads each mutated one as it
would read a worker's, and judges the value, if one comes out. Whatever is not a value or a failure of the student's (a
crash, another exception, a hang, a large allocation) is a finding: it is saved beside its description, and the exit
code is 1. Needs the channel of confined workers, so Linux.
"""
# ruff: noqa: INP001 - a script, not a package

from __future__ import annotations

import argparse
import io
import json
import os
import resource
import socket
import subprocess
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from nnedu.checking import assert_close
from nnedu.checking.values import CheckFailed
from nnedu.course import load_course
from nnedu.errors import CourseFault
from nnedu.running.bench import Bench
from nnedu.running.collect import collect
from nnedu.running.evidence import Live
from nnedu.sandbox.client import Call, Handle, Reply
from nnedu.sandbox.confined import ConfinedChannel
from nnedu.sandbox.failure import StudentFailure
from nnedu.sandbox.host import Host
from nnedu.sandbox.message import PREFIX, Message, Remote
from nnedu.sandbox.submission import BROKEN, Limits, Submission
from nnedu.sandbox.wire import frame_sizes, pack, read_exactly, unpack
from nnedu.sandbox.worker import reply_frame

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).resolve().parents[1]
LESSONS = ("lesson3", "lesson5")
LARGEST = 1 << 17  # bytes of a frame that is kept: it goes into the buffer of a socket at once
FRAMES = 400
ROUND = 10_000  # inputs for one child; the next starts with fresh memory
CPU = 3.0  # seconds for one input
PATIENCE = 20.0  # wall-clock seconds without an input done: a hang
GROWTH = 160 << 20  # bytes that one input may add to the memory ever used
MEMORY = 1 << 30  # address space beyond what the child has when it begins
GRAFTED = 0.5  # how many of the inputs, and how many of their odd parts come from other frames
STAY = 0.05  # how often a part of a tree is taken whole
ODD: list[Any] = [
    None, True, 0, 1, -1, 2**40, 2**63, 2**64 - 1, -(2**63), 0.5, float("nan"), float("inf"), "", "x" * 100_000,
    "\n\x1b[1m", b"raw", [], {}, {"a": {}}, [[]] * 5000, "<f8", "<c16", "?", "array", "scalar", "reply", "error",
    ["list", []], ["dict", [[["list", []], 1]]], ["dict", [["value", 1.0]]], ["tuple", [1, 2.0]], ["int", "f" * 2000],
    ["int", "f" * 2001], ["complex", 1.0, float("nan")], ["remote", 2**63, "m.X"], ["remote", -1, "\n"],
    ["callback", 0], ["generator", None], ["generator", ["dict", [["bit_generator", "MT19937"]]]],
    ["array", "<f8", [0], 0], ["array", "<f8", [0, 2**40], 0], ["array", "|O", [1], 0], ["array", "|b1", [0] * 33, 0],
    ["scalar", ["array", "<f8", [], 0]],
]  # fmt: skip
MARKERS = bytes([0xC0, 0xC1, 0xC4, 0xC6, 0xCB, 0xCF, 0xD3, 0xD9, 0xDB, 0xDC, 0xDD, 0xDE, 0xDF, 0x80, 0x8F, 0x90, 0x9F])


class Tapped:
    """A channel to a host in this process that writes down every frame that comes from it."""

    def __init__(
        self, sources: dict[str, str], allowed: frozenset[str], overrides: dict[str, Any], log: set[bytes]
    ) -> None:
        self._host = Host(sources, allowed, self._ask, overrides)
        self._log = log

    def request(self, message: Message, answer: Any, keep: Any, resolve: Any, seconds: float) -> Message:
        """Serve a message here, its frames noted."""
        del seconds
        self._turn = answer, keep, resolve
        there = unpack(pack(message, keep), self._host.resolve)
        return unpack(self._noted(reply_frame(self._host.serve(there), self._host.keep)), resolve)

    def _ask(self, message: Message) -> Message:
        answer, keep, resolve = self._turn
        asked = unpack(self._noted(pack(message, self._host.keep)), resolve)
        return unpack(pack(answer(asked), keep), self._host.resolve)

    def _noted(self, frame: bytes) -> bytes:
        if len(frame) <= LARGEST:
            self._log.add(frame)
        return frame

    def close(self) -> None:
        """Forget the modules."""
        self._host.modules.close()


def recorded(rng: np.random.Generator) -> list[bytes]:
    """Return the frames of the solutions and of every known mistake of some lessons."""
    frames: set[bytes] = set()
    course = load_course(ROOT)
    for name in LESSONS:
        lesson = course.lesson(name)
        live = Live(course, lesson)
        bench = Bench(lesson.id, collect(lesson.graders_folder, lesson.modules), live)
        for overrides in [{}, *({one.mark.exercise: one.thing} for one in live.implementations)]:
            sources, allowed = live.sources, course.imports

            def tapped(overrides: dict[str, Any] = overrides, sources: dict[str, str] = sources) -> Tapped:
                return Tapped(sources, course.imports, overrides, frames)

            submission = Submission(sources, tapped, allowed=allowed, limits=Limits(60.0, 600.0, 600.0))
            bench.examine(submission, only=next(iter(overrides), None), diagnose=False)
            submission.close()
    ordered = sorted(frames, key=len)
    return [ordered[i] for i in sorted(rng.choice(len(ordered), min(FRAMES, len(ordered)), replace=False))]


def mutated(rng: np.random.Generator, frames: list[bytes]) -> bytes:
    """Return a frame in which bytes are others, or whose header is still msgpack and says something else."""
    return grafted(rng, frames) if rng.random() < GRAFTED else scratched(rng, frames)


def grafted(rng: np.random.Generator, frames: list[bytes]) -> bytes:
    """Return a frame with odd things, or parts of other frames, in place of parts of its header."""
    tree, blob = parted(frames[rng.integers(len(frames))])
    for _ in range(int(rng.integers(1, 3))):
        other, _ = parted(frames[rng.integers(len(frames))])
        odd = ODD[rng.integers(len(ODD))]
        graft = somewhere(rng, other[1])[1] if rng.random() < GRAFTED else odd
        path, _ = somewhere(rng, tree[1])
        # The kind less often: nothing is read behind one that is unknown.
        tree = planted(tree, [1, *path] if rng.random() > STAY else [0], graft)
    header = msgspec.msgpack.encode(tree)
    return PREFIX.pack(len(header), len(blob)) + header + blob


def parted(frame: bytes) -> tuple[Any, bytes]:
    """Return the tree of a frame's header, and its blob."""
    start = PREFIX.size + frame_sizes(frame[: PREFIX.size])[0]
    return msgspec.msgpack.decode(frame[PREFIX.size : start]), frame[start:]


def somewhere(rng: np.random.Generator, tree: Any) -> tuple[list[int], Any]:
    """Return the path of some part of a tree, and the part."""
    path = []
    while isinstance(tree, list) and tree and rng.random() > STAY:
        path.append(int(rng.integers(len(tree))))
        tree = tree[path[-1]]
    return path, tree


def planted(tree: Any, path: list[int], graft: Any) -> Any:
    """Return a tree with something else in one place."""
    if not path or not isinstance(tree, list):
        return graft
    return [planted(part, path[1:], graft) if number == path[0] else part for number, part in enumerate(tree)]


def scratched(rng: np.random.Generator, frames: list[bytes]) -> bytes:
    """Return a frame with a few of its bytes changed, most often with a prefix that still fits it."""
    frame = bytearray(frames[rng.integers(len(frames))])
    header, _ = frame_sizes(memoryview(frame)[: PREFIX.size])
    for _ in range(int(rng.integers(1, 6))):
        # Most of what is of interest stands in the header, and most of a frame is the numbers behind it.
        end = PREFIX.size + header if rng.random() < 0.8 else len(frame)  # noqa: PLR2004 - a share
        start = PREFIX.size if rng.random() < 0.95 else 0  # noqa: PLR2004 - a share
        place = int(rng.integers(min(start, end), end + 1))
        before = len(frame)
        change(rng, frame, place, frames)
        if place <= PREFIX.size + header:
            header = max(min(header + len(frame) - before, len(frame) - PREFIX.size), 0)
    if rng.random() < 0.9 and len(frame) > PREFIX.size:  # noqa: PLR2004 - a share
        header = min(header, len(frame) - PREFIX.size)
        frame[: PREFIX.size] = PREFIX.pack(header, len(frame) - PREFIX.size - header)
    return bytes(frame)


def change(rng: np.random.Generator, frame: bytearray, place: int, frames: list[bytes]) -> None:
    """Change bytes at a place: other ones, more, fewer, some of another frame."""
    some = int(rng.integers(1, 2 ** rng.integers(1, 9)))
    match rng.integers(7):
        case 0:
            frame[place : place + 1] = rng.bytes(1)
        case 1:
            frame[place : place + 1] = bytes([MARKERS[rng.integers(len(MARKERS))]])
        case 2:
            frame[place:place] = bytes([MARKERS[rng.integers(len(MARKERS))]]) * some
        case 3:
            del frame[place : place + some]
        case 4:
            frame[place:place] = frame[place : place + some]
        case 5:
            other = frames[rng.integers(len(frames))]
            start = int(rng.integers(len(other)))
            frame[place : place + some] = other[start : start + some]
        case _:
            size = 2 ** int(rng.integers(4))
            frame[place : place + size] = int(rng.choice([0, 1, 2**63 - 1, 2**63])).to_bytes(8, "big")[:size]


class Wire(socket.socket):
    """The grader's end of a wire on which certain bytes come as soon as something is asked, and then no more."""

    far: socket.socket
    said: bytes

    def send(self, data: Any, *_: Any) -> int:  # type: ignore[override]
        """Take a question, and give the answer."""
        if self.said:
            self.far.sendall(self.said)
            self.far.shutdown(socket.SHUT_WR)
            self.said = b""
        return len(data)


class Nobody:
    """A worker that is not there."""

    def signal(self, number: int) -> None:
        """Do nothing."""

    def end(self) -> float:
        """Have taken no time."""
        return 0.0


def opened(said: bytes) -> ConfinedChannel:
    """Return a channel on which certain bytes come."""
    ours, theirs = socket.socketpair()
    wire = Wire(fileno=ours.detach())
    theirs.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4 * LARGEST)
    wire.far, wire.said = theirs, said
    channel = ConfinedChannel(Nobody(), wire, os.open(os.devnull, os.O_RDONLY), b"", 10)  # type: ignore[arg-type]
    channel._start = None  # noqa: SLF001 - what a worker says before it has any student code is of no interest
    return channel


def outcome(said: bytes, judge: Callable[[Any], None]) -> str:
    """Say what comes of bytes from a worker; any exception but a student's failure goes up."""
    submission = Submission({"m": ""}, lambda: opened(said), limits=Limits(10.0, 60.0, 60.0))
    submission._loaded["m"] = None  # noqa: SLF001 - the bytes are to answer the call
    try:
        reply = submission.play(Call("m", "f", (lambda x: float(np.sum(x**3)),)))
    except StudentFailure as failure:
        if failure.summary == BROKEN:
            return "out of turn" if "out of turn" in failure.message else "refused"
        return "cut off" if failure.summary == "ended the process it ran in" else "an error of the student's"
    finally:
        submission.close()
    judge(reply)
    return "a value"


def judge_against(frames: list[bytes]) -> Callable[[Reply], None]:
    """Return what judges a reply against the value of one right reply after the other, of which one may be its own."""
    bodies = [message.body for message in map(unpack, frames) if message.kind == "reply"]
    values = [body["value"] for body in bodies if body["value"] is not None and not holds_object(body["value"])]
    turn = iter(range(sys.maxsize))

    def judge(reply: Reply) -> None:
        for text in (*reply.changed, *reply.warnings, reply.printed):
            if not text.replace("\n", "").isprintable():
                raise ValueError("a text that is not fit for a terminal")
        try:
            assert_close(reply.value, values[next(turn) % len(values)], name="y", batch=7)
        except (CheckFailed, CourseFault):  # the second: of an expected value that is not finite, as some are
            return

    return judge


def holds_object(value: Any) -> bool:
    """Whether there is an object of the student's in a value."""
    if isinstance(value, dict):
        return any(map(holds_object, value.values()))
    return isinstance(value, (Remote, Handle)) or (isinstance(value, (list, tuple)) and any(map(holds_object, value)))


def child(folder: Path, seed: int, count: int) -> None:
    """Read so many mutated frames. What is being read stands in a file, for whoever finds this process dead."""
    frames = list(frames_in(folder / "corpus"))
    size = int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (size + MEMORY, size + MEMORY))
    warnings.simplefilter("ignore")  # as the bench does
    rng, judge, tally = np.random.default_rng(seed), judge_against(frames), Counter[str]()
    slowest, largest = 0.0, 0
    # A shared file rather than one that is written and closed: it survives a crash, and costs no system call.
    current = np.memmap(folder / "current", dtype=np.uint8, mode="r+")
    for number in range(count):
        said = mutated(rng, frames)
        current[:16] = np.frombuffer(np.array([number, len(said)], dtype="<i8").tobytes(), dtype=np.uint8)
        current[16 : 16 + len(said)] = np.frombuffer(said, dtype=np.uint8)
        before, started = peak(), time.process_time()
        tally[outcome(said, judge)] += 1
        took, grown = time.process_time() - started, peak() - before
        slowest, largest = max(slowest, took), max(largest, grown)
        if took > CPU or grown > GROWTH:
            text = f"one input took {took:.1f} s and {grown >> 20} MiB"
            raise ValueError(text)
    sys.stdout.write(json.dumps({"tally": tally, "slowest": slowest, "largest": largest}))


def peak() -> int:
    """Return the most memory that this process has ever had, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10


def frames_in(path: Path) -> Iterator[bytes]:
    """Yield the frames of a file, one behind the other."""
    data = path.read_bytes()
    stream = io.BytesIO(data)
    while stream.tell() < len(data):
        prefix = bytes(read_exactly(stream, PREFIX.size))
        yield prefix + bytes(read_exactly(stream, sum(frame_sizes(prefix))))


def run_child(folder: Path, seed: int, count: int) -> tuple[dict[str, Any] | None, str]:
    """Run a child, and return what it counted, or None and what became of it."""
    np.zeros(4 * LARGEST, dtype=np.uint8).tofile(folder / "current")
    command = [sys.executable, __file__, "--child", str(folder), "--seed", str(seed), "--inputs", str(count)]
    with (folder / "said").open("w+", encoding="utf-8") as said:
        process = subprocess.Popen(command, stdout=said, stderr=subprocess.STDOUT)  # noqa: S603 - this script
        last, since = -1, time.monotonic()
        while process.poll() is None:
            time.sleep(0.05)
            number = int(np.fromfile(folder / "current", dtype="<i8", count=1)[0])
            if number != last:
                last, since = number, time.monotonic()
            elif time.monotonic() - since > PATIENCE:
                process.kill()
                process.wait()
                return None, f"no end after {PATIENCE:.0f} s"
        said.seek(0)
        text = said.read()
    if process.returncode == 0:
        return json.loads(text), ""
    return None, f"exit code {process.returncode}\n{text}"


def fuzz(seconds: float, seed: int, save: Path) -> int:
    """Run children until the time is up; print the table, and return the exit code."""
    ends, tally, slowest, largest, rounds = time.monotonic() + seconds, Counter[str](), 0.0, 0, 0
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="nnedu-fuzz-") as name:
        folder = Path(name)
        frames = recorded(np.random.default_rng(seed))
        (folder / "corpus").write_bytes(b"".join(frames))
        while time.monotonic() < ends:
            counted, what = run_child(folder, seed * 1_000_003 + rounds, ROUND)
            rounds += 1
            if counted is None:
                data = (folder / "current").read_bytes()
                length = int.from_bytes(data[8:16], "little")
                save.write_bytes(data[16 : 16 + length])
                sys.stdout.write(f"A finding: {what}\nThe {length} bytes are in {save}.\n")
                return 1
            tally.update(counted["tally"])
            slowest, largest = max(slowest, counted["slowest"]), max(largest, counted["largest"])
    total, took = sum(tally.values()), time.monotonic() - started
    rows = [("recorded frames", f"{len(frames)}"), ("inputs", f"{total}"), ("inputs a second", f"{total / took:.0f}")]
    rows += [(f"  {what}", f"{number}") for what, number in tally.most_common()]
    rows += [("slowest, CPU", f"{1000 * slowest:.0f} ms"), ("largest growth", f"{largest / 2**20:.0f} MiB")]
    sys.stdout.write("\n".join(f"{what:<30}{number:>12}" for what, number in rows) + "\n")
    return 0


def main() -> None:
    """Fuzz, or read one saved input again."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=3.0, help="how long (3)")
    parser.add_argument("--seed", type=int, default=1, help="which frames and mutations (1)")
    parser.add_argument("--save", type=Path, default=Path("finding.frame"), help="where a finding goes (finding.frame)")
    parser.add_argument("--read", type=Path, help="read a saved finding, and say what comes of it")
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--inputs", type=int, default=ROUND, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child is not None:
        try:
            child(arguments.child, arguments.seed, arguments.inputs)
        except BaseException:  # noqa: BLE001 - whatever it is, it is the finding
            traceback.print_exc()
            sys.exit(1)
        return
    if arguments.read is not None:
        sys.stdout.write(outcome(arguments.read.read_bytes(), lambda _: None) + "\n")
        return
    sys.exit(fuzz(60 * arguments.minutes, arguments.seed, arguments.save))


if __name__ == "__main__":
    main()
