"""Who handed in what: downloads of every platform, as notebooks with a student, a stage and a date.

csv_table  a platform's grade file as a table
headings   what platforms call their columns
unzip      notebooks out of a stranger's zip
layouts    how platforms name what they let instructors download
search     folders and zips, looked through for notebooks
labels     what each name around a notebook says about who
people     the student that the names around a notebook stand for
who        the instructor's own word on who is who
identity   ids that are safe and stable
roster     the class list
find       the whole way: download to submissions
"""
