"""Writing a course: proving its graders, keeping stubs in step."""
