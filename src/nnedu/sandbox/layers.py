"""What confines student code: what is wanted, what is in force, and what a course does not grade without."""

from __future__ import annotations

from enum import Enum

import msgspec


class Files(Enum):
    """What a worker may read: the standard library and numpy (AUTO, LANDLOCK), or nothing at all any more (NONE)."""

    AUTO = "auto"
    LANDLOCK = "landlock"
    NONE = "none"


class Bubblewrap(Enum):
    """Whether bubblewrap is put around the workers: where it starts, or never."""

    AUTO = "auto"
    NEVER = "never"


class Layer(Enum):
    """A layer of the sandbox that a course can insist on."""

    SECCOMP = "seccomp"
    FILES = "files"
    SIGNALS = "signals"
    BUBBLEWRAP = "bubblewrap"
    UID = "uid"


class Policy(msgspec.Struct, frozen=True):
    """What a worker is given, and the layers wanted. `preload` is imported before the doors close.

    `cpu_seconds` and `memory_mib` (of address space) are of one worker, `output_kib` is what it may write in all.
    """

    preload: tuple[str, ...] = ("numpy",)
    files: Files = Files.AUTO
    bubblewrap: Bubblewrap = Bubblewrap.AUTO
    cpu_seconds: int = 120
    memory_mib: int = 1024
    output_kib: int = 1024
    minimum: tuple[Layer, ...] = (Layer.SECCOMP, Layer.FILES)


class Layers(msgspec.Struct, frozen=True):
    """The layers in force, as the process that makes the workers found them.

    `landlock` is the version of its interface, 0 where the system has none. `files` says what may be read: "none",
    "library", or "all". `uid` is the user that student code runs as; `own_uid` whether the grader is somebody else.
    """

    seccomp: bool
    landlock: int
    files: str
    bubblewrap: bool
    uid: int
    own_uid: bool

    def sentence(self) -> str:
        """Return the layers as one line."""
        reads = {"none": "no files", "library": "reads the library only", "all": "READS ALL FILES"}[self.files]
        return ", ".join(
            (
                "seccomp" if self.seccomp else "NO seccomp",
                f"Landlock {self.landlock}" if self.landlock else "no Landlock",
                reads,
                "bubblewrap" if self.bubblewrap else "no bubblewrap",
                f"uid {self.uid}" + ("" if self.own_uid else ", as the grader"),
            )
        )

    def has(self, layer: Layer) -> bool:
        """Whether a layer is in force."""
        return {
            Layer.SECCOMP: self.seccomp,
            Layer.FILES: self.files != "all",
            Layer.SIGNALS: self.landlock >= SIGNAL_ABI or self.bubblewrap,
            Layer.BUBBLEWRAP: self.bubblewrap,
            Layer.UID: self.own_uid,
        }[layer]


SIGNAL_ABI = 6

# What to do about a layer that is missing.
REMEDIES = {
    Layer.SECCOMP: "Grade on Linux (a virtual machine or a container will do): seccomp is part of its kernel.",
    Layer.FILES: "Grade on Linux with seccomp: without it nothing can be hidden from student code.",
    Layer.SIGNALS: "Install bubblewrap (apt-get install bubblewrap), or use a kernel of version 6.12 or newer.",
    Layer.BUBBLEWRAP: "Install bubblewrap (apt-get install bubblewrap); in a container it needs user namespaces.",
    Layer.UID: "Run nnedu grade as root, for example in a container: it then runs student code as nobody.",
}
