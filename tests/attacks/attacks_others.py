"""Rows 43 to 48 of the table: getting at others. Numbers of system calls are those of x86-64."""

from __future__ import annotations

from attacks_table import ALL, probe, wired

OTHERS = (
    probe(
        43,
        "speaks to the network",
        """
        def tcp(family, address):
            with socket.socket(family, socket.SOCK_STREAM) as there:
                there.settimeout(0.2)
                there.connect(address)
                return "connected"
        def udp(address):
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as there:
                return there.sendto(b"@MARK@", address)
        def listen():
            with socket.create_server(("127.0.0.1", 0)) as here:
                return here.getsockname()
        attempt("TCP", tcp, socket.AF_INET, ("127.0.0.1", @PORT@))
        attempt("UDP", udp, ("127.0.0.1", @UDP@))
        attempt("abstract", tcp, socket.AF_UNIX, "\\0@MARK@")
        attempt("unix", tcp, socket.AF_UNIX, "@DIR@/socket")
        attempt("listening", listen)
        attempt("netlink", lambda: socket.socket(16, socket.SOCK_RAW, 0).close() or "open")
        attempt("pair", lambda: [end.close() for end in socket.socketpair()])
        """,
    ),
    probe(
        43,
        "sends on the wire what only a socket can",
        """
        def send():
            wire = socket.socket(fileno=os.dup(3))
            with wire:
                return socket.send_fds(wire, [b""], [2])
        attempt("descriptors", send)
        """,
        plain=None,  # where the wire is a pipe, there is nothing to try
    ),
    probe(
        44,
        "reads what belongs to others",
        """
        def read(path):
            with open(path, "rb") as file:
                return file.read(20)
        for path in (
            "/etc/passwd", "/etc/hostname", "/etc/shadow", "/proc/self/environ", "/proc/self/maps", "/proc/1/environ",
            "/proc/@PID@/environ", "/proc/@PID@/cmdline", "@SECRET@", "@OPEN@", "/proc/self/root/etc/passwd",
            "/proc/self/cwd/etc/passwd", "/usr/lib/../../etc/passwd", "/dev/mem", "/sys/kernel/notes",
        ):
            attempt(path, read, path)
        for number in range(4, 300):
            attempt(f"descriptor {number}", os.read, number, 0)
        """,
    ),
    probe(
        45,
        "lists what belongs to others",
        """
        for path in ("/", "/etc", "/root", "/home", "/tmp", "/proc", "@DIR@", "@COURSE@", "/proc/self/fd", "/dev/shm"):
            attempt(path, os.listdir, path)
        """,
    ),
    probe(
        46,
        "signals to others",
        """
        for pid in (@PID@, os.getppid(), 1):
            attempt(f"signal to {pid}", os.kill, pid, 0)
            attempt(f"pidfd of {pid}", os.pidfd_open, pid)
        attempt("signal to itself", os.kill, os.getpid(), 0)
        attempt("its group", os.killpg, 0, 0)
        attempt("a thread", syscall, 234, os.getppid(), os.getppid(), 0)
        attempt("queued", syscall, 129, os.getppid(), 0, 0)
        """,
    ),
    probe(
        46,
        "kills everybody",
        """
        import signal
        for pid in (-1, 0, os.getppid(), 1, @PID@):
            attempt(f"kill {pid}", os.kill, pid, signal.SIGKILL)
        """,
        plain=None,
    ),
    probe(
        47,
        "has the kernel send the signal",
        """
        import fcntl
        import signal
        for target in (os.getppid(), @PID@, 1):
            for wire in (3, 2):
                attempt("F_SETOWN", fcntl.fcntl, wire, fcntl.F_SETOWN, target)
                attempt("F_SETSIG", fcntl.fcntl, wire, fcntl.F_SETSIG, signal.SIGKILL)
                attempt("F_SETOWN_EX", syscall, 72, wire, 15, (ctypes.c_int * 2)(1, target))
                attempt("FIOSETOWN", fcntl.ioctl, wire, 0x8901, target.to_bytes(4, "little"))
                attempt("SIOCSPGRP", fcntl.ioctl, wire, 0x8902, target.to_bytes(4, "little"))
                attempt("upper half", syscall, 72, wire, (1 << 32) + fcntl.F_SETOWN, target)
                attempt("FIOASYNC", fcntl.ioctl, wire, 0x5452, (1).to_bytes(4, "little"))
        attempt("F_NOTIFY", fcntl.fcntl, 3, 1026, 1)
        attempt("F_SETLEASE", fcntl.fcntl, 2, 1024, 0)
        attempt("F_SETPIPE_SZ", fcntl.fcntl, 3, 1031, 1 << 20)
        attempt("F_ADD_SEALS", fcntl.fcntl, 2, 1033, 1)
        attempt("PR_SET_PDEATHSIG", syscall, 157, 1, 0, 0, 0, 0)
        attempt("PR_SET_DUMPABLE", syscall, 157, 4, 1, 0, 0, 0)
        """,
        plain=None,
    ),
    wired(
        47,
        "has the kernel kill the zygote",
        """
        import signal
        import time

        def apply(f, x):
            for act in (
                lambda: fcntl.fcntl(3, fcntl.F_SETOWN, os.getppid()),
                lambda: fcntl.fcntl(3, fcntl.F_SETSIG, signal.SIGKILL),
                lambda: fcntl.fcntl(3, fcntl.F_SETFL, fcntl.fcntl(3, fcntl.F_GETFL) | fcntl.FASYNC),
            ):
                try:
                    act()
                except OSError:
                    continue
            # What comes on the wire while nobody waits for it is the signal.
            say(frame(["callback", ["list", [0, ["list", [1.0]]]]]))
            time.sleep(0.3)
            os.read(3, 10_000)
            return f(x) + 1.0
        """,
        ALL,
        plain=None,
    ),
    probe(
        48,
        "looks into the memory of others",
        """
        def read_from(pid):
            here = ctypes.create_string_buffer(8)
            local = (ctypes.c_uint64 * 2)(ctypes.addressof(here), 8)
            return syscall(310, pid, local, 1, local, 1, 0)
        for pid in (@PID@, os.getppid()):
            attempt(f"process_vm_readv {pid}", read_from, pid)
            attempt(f"memory {pid}", lambda: open(f"/proc/{pid}/mem", "rb", 0))
            attempt(f"kcmp {pid}", syscall, 312, pid, os.getpid(), 0, 0, 0)
        attempt("pidfd_getfd", syscall, 438, 3, 0, 0)
        """,
    ),
    probe(
        48,
        "traces others",
        """
        for pid in (@PID@, os.getppid()):
            attempt(f"ptrace {pid}", syscall, 101, 0x4206, pid, 0, 0)
        attempt("itself by ptrace", syscall, 101, 0, 0, 0, 0)
        """,
        plain=None,
    ),
)
