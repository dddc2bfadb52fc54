"""nnedu: a numpy course that grades itself, and the engine that does the grading."""

__version__ = "0.1.0"
