"""The base class of the course's own errors."""


class CourseError(ValueError):
    """An error that the user can put right. The message says what is wrong, where, and what to do, and is shown without a traceback."""
