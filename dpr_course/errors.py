"""The base class of the course's own errors."""


class CourseError(ValueError):
    """An error that the user can correct. Its message says what is wrong, where, and what to do.

    Commands print the message without a traceback.
    """
