"""Run the command line as ``python -m nnedu``."""

from nnedu.cli import main

if __name__ == "__main__":
    main()
