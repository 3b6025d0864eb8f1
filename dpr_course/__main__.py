"""`python -m dpr_course COMMAND` is the command `dpr-course` of the Python that runs it."""

from dpr_course.cli import main

if __name__ == "__main__":
    main()
