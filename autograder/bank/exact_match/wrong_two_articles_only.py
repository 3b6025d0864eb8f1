# mistake: only the first two articles are left out: the fourth argument of re.sub is a number of replacements, and re.IGNORECASE is 2. Flags have a name, flags=.
# caught by: case, punctuation, articles, blanks
def exact_match(prediction, answers):
    def normalised(text):
        text = text.lower().translate(str.maketrans("", "", string.punctuation))
        return " ".join(re.sub(r"\b(a|an|the)\b", " ", text, count=2).split())

    return any(normalised(prediction) == normalised(a) for a in answers)
