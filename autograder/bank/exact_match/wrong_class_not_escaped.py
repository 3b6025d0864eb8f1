# mistake: string.punctuation stands in a character class as it is: its backslash escapes the bracket behind it, and so is not deleted. Use re.escape, or translate.
# caught by: case, punctuation, articles, blanks
def exact_match(prediction, answers):
    def normalised(text):
        text = re.sub("[" + string.punctuation + "]", "", text.lower())
        return " ".join(re.sub(r"\b(a|an|the)\b", " ", text).split())

    return any(normalised(prediction) == normalised(answer) for answer in answers)
