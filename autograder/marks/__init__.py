"""From results to what people see.

    harmless      what a student wrote, made safe for a browser
    recorded      what the gradebook holds, read back
    gradebook     the one writer into nbgrader's gradebook
    feedback      feedback pages
    publish       gradebook and pages, once an instructor agrees to what changes
    class_report  the class at a glance
"""
