"""Submissions: the notebooks in a platform's download, each with its student, its stage and its date.

csv_table  reads and writes a platform's grade file as a table
headings   the column headings that platforms use
unzip      takes notebooks out of a zip that is not trusted
layouts    the names that platforms give to folders and files in a download
search     looks through folders and zips for notebooks
labels     reads what each name around a notebook says about the student
people     finds the student of a notebook from these names
who        the instructor's rules on who is who (--who)
identity   student ids that are safe and stable
roster     the class list
find       all steps together: from a download to submissions
"""
