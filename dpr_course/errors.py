"""The base of every error that this course words itself."""


class CourseError(ValueError):
    """Something that the user can mend. The message says what is wrong, where, and what to do: it is shown without a traceback."""
