"""Records the results of grading in nbgrader's gradebook, and shows them on pages for students and for the instructor.

sanitize         makes a student's HTML and Markdown safe for a browser
recorded         reads the marks back from the gradebook
gradebook        opens nbgrader's gradebook, and finds the folders beside it
assignments      updates the gradebook if the graded cells of the released stages have changed
changes          finds the recorded marks that new results would change
formgrader_copy  makes the copy of a submission that formgrader (nbgrader's page for marking by hand) shows
write_marks      writes marks to the gradebook; no other module does
feedback         makes the students' feedback pages
publish          records marks and writes feedback pages, after the instructor has accepted changed marks
item_analysis    measures how difficult exercises and tests are, and whether they separate strong work from weak
attempts         records when stages were released, and when each student was first right
wrong_clusters   groups students whose wrong answers gave the same values
bank_add         puts a student's wrong answer into the bank of known wrong answers
class_report     makes the instructor's overview of the class, an HTML page
"""
