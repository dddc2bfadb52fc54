"""What is wrong: numeric explanations of a value, recordings of what checks do, and named mistakes that fit."""
