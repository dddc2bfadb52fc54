"""Rows 43 to 55 of the table: getting out, and getting at others. Numbers of system calls are those of x86-64."""

from __future__ import annotations

from attacks_table import ALL, attack, probe, wired

ESCAPE = (
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
            "/etc/passwd", "/etc/hostname", "/root/.bashrc", "/proc/self/environ", "/proc/self/maps", "/proc/1/environ",
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
    attack(
        47,
        "has the kernel kill the zygote",
        """
        import fcntl
        import os
        import signal

        def double(x):
            for act in (
                lambda: fcntl.fcntl(3, fcntl.F_SETOWN, os.getppid()),
                lambda: fcntl.fcntl(3, fcntl.F_SETSIG, signal.SIGKILL),
                lambda: fcntl.fcntl(3, fcntl.F_SETFL, fcntl.fcntl(3, fcntl.F_GETFL) | fcntl.FASYNC),
            ):
                try:
                    act()
                except OSError:
                    continue
            return 2 * x  # the next question on the wire would be the signal
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
    probe(
        49,
        "starts programs",
        """
        import subprocess
        attempt("shell", subprocess.run, ["true"])
        attempt("os.system", lambda: os.system("true") == 0 or 1 / 0, refusals=(ZeroDivisionError,))
        attempt("os.popen", os.popen, "true")
        attempt("posix_spawn", os.posix_spawn, "/bin/true", ["true"], {})
        """,
    ),
    attack(
        49,
        "becomes another program",
        """
        import os

        def double(x):
            for path in ("/bin/true", "/usr/bin/true", "/proc/self/exe"):
                try:
                    os.execv(path, [path])
                except OSError:
                    continue
            return 2 * x
        """,
        "......",
        plain="R.....",
    ),
    probe(
        50,
        "leaves a daemon",
        """
        def daemon():
            if os.fork() == 0:
                os.setsid()
                if os.fork() == 0:
                    import time
                    time.sleep(3)
                os._exit(0)
        attempt("daemon", daemon)
        attempt("a session of its own", os.setsid)
        attempt("a group of its own", os.setpgid, 0, 0)
        """,
        plain=None,
    ),
    probe(
        51,
        "makes and changes what lies in open folders",
        """
        attempt("link", os.symlink, "/etc/passwd", "@DIR@/link")
        attempt("hard link", os.link, "@OPEN@", "@DIR@/hard")
        attempt("pipe", os.mkfifo, "@DIR@/pipe")
        attempt("folder", os.mkdir, "@DIR@/folder")
        attempt("device", os.mknod, "@DIR@/device")
        attempt("mode", os.chmod, "@OPEN@", 0o777)
        attempt("owner", os.chown, "@OPEN@", os.getuid(), os.getgid())
        attempt("times", os.utime, "@OPEN@", (0, 0))
        attempt("attribute", os.setxattr, "@OPEN@", "user.x", b"x")
        attempt("mode of the wire", os.fchmod, 3, 0o777)
        attempt("cut off", os.ftruncate, 2, 0)
        attempt("folder to work in", os.chdir, "/")
        attempt("mask", syscall, 95, 0)
        """,
    ),
    probe(
        52,
        "other doors of the kernel",
        """
        attempt("unshare", syscall, 272, 0x10000000)
        attempt("setns", syscall, 308, 3, 0)
        attempt("mount", syscall, 165, b"none", b"/tmp", b"tmpfs", 0, 0)
        attempt("open_tree", syscall, 428, -100, b"/", 1)
        attempt("fsopen", syscall, 430, b"tmpfs", 0)
        attempt("chroot", syscall, 161, b"/")
        attempt("pivot_root", syscall, 155, b"/", b"/")
        attempt("bpf", syscall, 321, 0, (ctypes.c_uint64 * 8)(), 64)
        attempt("io_uring", syscall, 425, 1, (ctypes.c_uint64 * 16)())
        attempt("userfaultfd", syscall, 323, 1)
        attempt("keyctl", syscall, 250, 0, -3, 0)
        attempt("add_key", syscall, 248, b"user", b"x", b"x", 1, -3)
        attempt("perf", syscall, 298, (ctypes.c_uint64 * 16)(), 0, -1, -1, 0)
        attempt("seccomp", syscall, 317, 1, 0, 0)
        attempt("landlock", syscall, 444, 0, 0, 1)
        attempt("personality", syscall, 135, 0xFFFFFFFF)
        attempt("modify_ldt", syscall, 154, 0, ctypes.create_string_buffer(16), 16)
        attempt("iopl", syscall, 172, 3)
        attempt("setuid", os.setuid, 0)
        attempt("setresuid", os.setresuid, 0, 0, 0)
        attempt("capset", syscall, 126, (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)())
        attempt("priority", os.nice, 1)
        attempt("affinity", os.sched_setaffinity, 0, {0})
        attempt("scheduler", syscall, 144, 0, 0, (ctypes.c_int * 1)(0))
        attempt("clock", syscall, 227, 0, (ctypes.c_uint64 * 2)(0, 0))
        attempt("hostname", syscall, 170, b"x", 1)
        attempt("reboot", syscall, 169, 0, 0, 0, 0)
        attempt("syslog", syscall, 103, 10, 0, 0)
        attempt("memfd_secret", syscall, 447, 0)
        attempt("process_madvise", syscall, 440, 3, 0, 0, 0, 0)
        attempt("openat2", syscall, 437, -100, b"/etc/passwd", (ctypes.c_uint64 * 3)(), 24)
        attempt("name_to_handle_at", syscall, 303, -100, b"/", (ctypes.c_uint32 * 40)(128), (ctypes.c_int * 1)(), 0)
        attempt("inotify", syscall, 294, 0)
        attempt("fanotify", syscall, 300, 0, 0)
        attempt("timerfd", syscall, 283, 1, 0)
        attempt("timer with a signal", syscall, 222, 1, (ctypes.c_uint64 * 8)(), (ctypes.c_int * 1)())
        attempt("eventfd", syscall, 290, 0, 0)
        attempt("epoll", syscall, 291, 0)
        attempt("sendfile", syscall, 40, 3, 2, 0, 1)
        attempt("pwrite", syscall, 18, 2, b"x", 1, 0)
        attempt("pkey_alloc", syscall, 330, 0, 0)
        attempt("execveat", syscall, 322, -100, b"/bin/true", 0, 0, 0)
        """,
        plain=None,
    ),
    attack(
        53,
        "the table of another architecture",
        # mov eax, 20 (getpid of i386); int 0x80; ret
        """
        import ctypes
        import mmap

        def double(x):
            code = b"\\xb8\\x14\\x00\\x00\\x00\\xcd\\x80\\xc3"
            page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
            page.write(code)
            call = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))
            return 0 * x + call()
        """,
        "R.....",
        plain=None,
        says="ended",
    ),
    attack(
        53,
        "the table of x32",
        """
        import ctypes

        def double(x):
            return 0 * x + ctypes.CDLL(None).syscall(ctypes.c_long(0x40000000 + 39))
        """,
        "R.....",
        plain=None,
        says="ended",
    ),
    probe(
        54,
        "leaves a message for the next submission",
        """
        import fcntl
        import mmap
        attempt("shmget", syscall, 29, 0x4E4E, 4096, 0o1666)
        attempt("semget", syscall, 64, 0x4E4E, 1, 0o1666)
        attempt("msgget", syscall, 68, 0x4E4E, 0o1666)
        attempt("mq_open", syscall, 240, b"@MARK@", 0o102, 0o666, 0)
        attempt("a lock", lambda: fcntl.flock(os.open("/dev/null", os.O_RDONLY), fcntl.LOCK_EX))
        attempt("a lock of a range", fcntl.lockf, 2, fcntl.LOCK_EX | fcntl.LOCK_NB)
        """,
        plain=None,
    ),
    probe(
        55,
        "poisons what is imported next",
        """
        for path in {os.path.dirname(np.__file__), os.path.dirname(os.__file__), os.path.dirname(socket.__file__)}:
            attempt(path, lambda: open(f"{path}/@MARK@.py", "w"))
            attempt(f"{path}/__pycache__", lambda: open(f"{path}/__pycache__/@MARK@.pyc", "wb"))
        """,
        plain=None,
    ),
    attack(
        55,
        "poisons numpy, for those who come after",
        """
        np.maximum = np.sum = np.zeros = lambda *args, **kwargs: 0.0
        np.random.default_rng = np.random.Generator = None
        np.random.seed(1234)
        """,
        "[.FR]F[FR]...",
    ),
    wired(
        55,
        "poisons the worker, for those who come after",
        """
        import builtins
        import gc

        gc.disable()
        sys.setrecursionlimit(60)
        builtins.open = builtins.compile = builtins.exec = None
        sys.modules["numpy"] = None
        sys.path.clear()
        double = lambda x: 0 * x
        """,
        "[FR][.FR][.FR][.FR][.FR][.FR]",
    ),
)
