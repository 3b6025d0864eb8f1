"""Finds submissions: the notebooks in a download from a learning platform, each with its student, its stage and its date.

csv_table       reads and writes a platform's grade file as a table
headings        recognises the column headings of platforms' grade files
unzip           takes notebooks out of a zip that is not trusted
platform_names  recognises the names that platforms give to folders and files in a download
search          searches folders and zips for notebooks
labels          makes labels: what the name of a folder, zip or file says about a notebook's student
people          determines the student of each notebook from its labels
who             applies the instructor's rule that assigns files to students (--who)
identity        makes student ids that are safe as folder names and stay the same from week to week
roster          reads the class list
find            runs all these steps, from a download to a list of submissions
"""
