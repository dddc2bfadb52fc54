"""Notebooks, made of the texts of their cells."""

import nbformat


def notebook_of(sources):
    """Return a notebook with these cells, not executed."""
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(one) for one in sources], metadata=metadata)
