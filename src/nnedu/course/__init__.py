"""What a course says: course.toml and the three trees, read into records."""

from nnedu.course.load import find_course, load_course
from nnedu.course.model import Course, Lesson, Limits, find_lesson

__all__ = ["Course", "Lesson", "Limits", "find_course", "find_lesson", "load_course"]
