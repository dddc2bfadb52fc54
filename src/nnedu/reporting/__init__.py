"""Outcomes to text and tables. Nothing here decides anything."""
