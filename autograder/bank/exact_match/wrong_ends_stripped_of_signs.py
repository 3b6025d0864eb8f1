# mistake: signs are deleted at the ends only. They are deleted everywhere.
# caught by: case, punctuation, articles, blanks
def exact_match(prediction, answers):
    def normalised(text):
        text = text.lower().strip(string.punctuation)
        return " ".join(re.sub(r"\b(a|an|the)\b", " ", text).split())

    return any(normalised(prediction) == normalised(answer) for answer in answers)
