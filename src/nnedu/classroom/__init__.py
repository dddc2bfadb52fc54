"""What an instructor has: submissions as they came in, and what came of them."""
