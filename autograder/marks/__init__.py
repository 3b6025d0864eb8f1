"""From results to what people see.

harmless         what a student wrote, made safe for a browser
recorded         what the gradebook holds, read back
gradebook        nbgrader's gradebook and the folders beside it, opened
assignments      stages and their points, as the gradebook knows them
changes          what results would change in recorded marks
formgrader_copy  what formgrader shows of a submission
write_marks      the one writer into the gradebook
feedback         feedback pages
publish          gradebook and pages, once an instructor agrees to what changes
class_report     the class at a glance
"""
