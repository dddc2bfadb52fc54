"""Rows 49 to 55 of the table: getting out. Numbers of system calls are those of x86-64."""

from __future__ import annotations

from attacks_table import attack, probe, wired

ESCAPE = (
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
