"""Where student code runs: the wire, the host that executes, the worker process, and the client that talks to it."""
