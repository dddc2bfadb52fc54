"""No grader: tasks.py is given."""
