"""Finds other spellings of answers that are dates or numbers, such as "4 July 1776" for "July 4, 1776".

A question's list of answers must hold all spellings, because exact match compares strings: "July 4, 1776" is marked wrong if
the list holds only "4 July 1776".
"""

import re

MONTHS = "January February March April May June July August September October November December".split()
SMALL = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
    "nineteen twenty"
).split()
NUMBERS = {word: n for n, word in enumerate(SMALL, 1)}
for tens, ten in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2):
    NUMBERS[ten] = 10 * tens
    NUMBERS |= {f"{ten}-{one}": 10 * tens + n for n, one in enumerate(SMALL[:9], 1)}

DAY_FIRST = re.compile(rf"(\d{{1,2}}) ({'|'.join(MONTHS)})(?: (\d{{4}}))?")
MONTH_FIRST = re.compile(rf"({'|'.join(MONTHS)}) (\d{{1,2}})(?:, (\d{{4}}))?")
DATED = re.compile(rf"(?:.* )?(?:{'|'.join(MONTHS)})(?: \d{{1,2}},)? (\d{{4}})")

ASKS_WHEN = re.compile(r"when\b|(?:in )?(?:what|which) year\b")
ASKS_HOW_MANY = re.compile(r"how\b|number of\b|for how long\b")


def other_order(answer):
    """Return the date `answer` with day and month in the other order: "4 July 1776" for "July 4, 1776", and the reverse.

    The date may lack the year. Return None if `answer` is not a date.
    """
    if found := DAY_FIRST.fullmatch(answer):
        day, month, year = found.groups()
        return f"{month} {day}" + (f", {year}" if year else "")
    if found := MONTH_FIRST.fullmatch(answer):
        month, day, year = found.groups()
        return f"{day} {month}" + (f" {year}" if year else "")
    return None


def other_number(answer):
    """Return `answer` with the number at its beginning in the other form: "7 months" for "seven months", and the reverse.

    Number words up to ninety-nine become digits. Digits become words only up to twenty, because nobody writes "twenty-seven km".
    Return None for all other answers.
    """
    first, *rest = answer.split()
    if first.lower() in NUMBERS and rest[:1] not in (["hundred"], ["thousand"]):
        return " ".join([str(NUMBERS[first.lower()]), *rest])
    if first.isdecimal() and 1 <= int(first) <= len(SMALL):
        return " ".join([SMALL[int(first) - 1], *rest])
    return None


def missing_spellings(question, answers):
    """Return the spellings that are missing from `answers`, the list of answers to `question`.

    The list needs each date in both orders. If the question asks when or in what year, the list also needs the year alone. If
    the question asks how many (or how long, how old …), the list needs each number in words and in digits.
    """
    wanted = []
    for answer in answers:
        wanted.append(other_order(answer))
        if ASKS_WHEN.match(question) and (found := DATED.fullmatch(answer)):
            wanted.append(found[1])
        if ASKS_HOW_MANY.match(question):
            wanted.append(other_number(answer))
    have = {answer.lower() for answer in answers}
    return [w for w in dict.fromkeys(wanted) if w and w.lower() not in have]
