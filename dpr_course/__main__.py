"""Makes `python -m dpr_course COMMAND` do what `dpr-course COMMAND` does."""

from dpr_course.cli import main

if __name__ == "__main__":
    main()
