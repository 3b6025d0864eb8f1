"""Text from a student that a browser, a spreadsheet or a terminal would execute."""

from attacks.answers import inside

# FORMULAS: cells that a spreadsheet would run as formulas. SPLIT: cells that hold a formula if a spreadsheet splits them,
# for example at `;` or a tab.
FORMULAS = ("=cmd|' /C calc'!A0", "+1+cmd()", "-2+3", "@SUM(A1)", " =1+1", "\t=1", "\n=1", "|x", "＝1+1")
SPLIT = ("a;=cmd|' /C calc'!A0", "x\t@SUM(A1)", "x;  +cmd()", "a,b\n-cmd()")
# Markdown or HTML in an answer or an output, which formgrader shows in an instructor's browser; links are in attacks.links.
PAGES = {
    "a script": "<script>alert(1)</script>",
    "a picture with a handler": "<img src=x onerror=alert(1)>",
    "a data address": '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    "a frame": '<iframe src="https://example.org"></iframe>',
    "a drawing with a script": "<svg><script>alert(1)</script></svg>",
}
# Control characters that a terminal obeys, or with which it shows text in another order than it is written.
TERMINAL = {
    "the screen cleared": "\x1b[2J\x1b[H",
    "the title changed": "\x1b]0;full marks\x07",
    "the line written over": "0 points\r5 points",
    "letters deleted": "0\x085 points",
    "the order of letters turned": "\u202e5 fo 0",
    "a C1 control": "\x9b2J",
}
MACHINE = {
    "names that are markup": (
        "class X(Exception):\n    pass\nX.__name__ = '<script>alert(1)</script>'\n"
        + inside("raise X('<img src=x onerror=alert(1)>')"),
        {"graded"},
    ),
}
