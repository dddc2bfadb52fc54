"""Gradescope: a lesson as an autograder.zip that needs nothing but the zip and a package index."""
