"""Finds submissions: the notebooks in a platform's download, each with its student, its stage and its date.

csv_table       reads and writes a platform's grade file as a table
headings        the column headings that platforms use
unzip           takes notebooks out of a zip that is not trusted
platform_names  the names that platforms give to folders and files in a download
search          searches folders and zips for notebooks
labels          reads what the names of folders, zips and files say about a notebook's student
people          determines the student of each notebook from its labels
who             the instructor's rule that assigns files to students (--who)
identity        student ids that are safe as folder names and stay the same
roster          the class list
find            all steps together: from a download to submissions
"""
