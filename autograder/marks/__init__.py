"""Records the results of grading in nbgrader's gradebook, and shows them on pages for students and for the instructor.

sanitize         makes a student's HTML and Markdown safe for a browser
recorded         reads the marks in the gradebook
gradebook        opens nbgrader's gradebook, and finds the folders beside it
assignments      updates the gradebook if the graded cells of a released stage have changed
changes          finds the recorded marks that new results would change
formgrader_copy  makes the copy of a submission that formgrader (nbgrader's page for marking by hand) shows
write_marks      writes marks to the gradebook; no other module does
feedback         makes the students' feedback pages
publish          records marks and writes feedback pages; changed marks only if the instructor accepts them
item_analysis    measures how difficult exercises and tests are, and whether they separate strong work from weak
attempts         records when stages were released, and when each student solved which exercises
wrong_clusters   groups students whose wrong answers gave the same values
bank_add         adds a student's wrong answer to the bank of known answers (autograder/bank)
class_report     makes the instructor's overview of the class, an HTML page
"""
