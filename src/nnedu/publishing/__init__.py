"""From the course to what leaves it: stubs, and the bundle that a student fetches."""
