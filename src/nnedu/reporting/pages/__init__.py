"""Reports of a class, of a course and of a student: records, laid out as text or as one self-contained page."""
