# mistake: runs of blanks are kept, and those at the ends.
# caught by: case, punctuation, articles, blanks
def exact_match(prediction, answers):
    def normalised(text):
        text = text.lower().translate(str.maketrans("", "", string.punctuation))
        return re.sub(r"\b(a|an|the)\b", " ", text)

    return any(normalised(prediction) == normalised(answer) for answer in answers)
