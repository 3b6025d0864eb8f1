"""The marks: results are recorded in the gradebook and shown on pages.

sanitize         makes a student's HTML and Markdown safe for a browser
recorded         reads the marks back from the gradebook
gradebook        opens nbgrader's gradebook and the folders beside it
assignments      the stages and their points, as the gradebook holds them
changes          finds the recorded marks that results would change
formgrader_copy  makes the copy of a submission that formgrader shows
write_marks      writes marks to the gradebook; nothing else writes there
feedback         the students' feedback pages
publish          records marks and writes pages, after the instructor has accepted changes
item_analysis    how difficult exercises and tests are, and whether they separate strong work from weak
attempts         when stages were released, and when each student was first right
wrong_clusters   groups of students whose wrong answers gave the same values
bank_add         puts a wrong answer of the class into the bank
class_report     the instructor's overview of the class, as a page
"""
