"""nbgrader: a lesson as a notebook with marked cells, submitted notebooks as modules, and grading in its pipeline.

Only `preprocessors`, `exporter` and `gradebook` import nbgrader itself; the rest is text in and text out.
"""
