"""Runs graders: pytest finds the checks, the bench puts submissions through them."""
