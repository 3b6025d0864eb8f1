# mistake: an article goes only together with a blank behind it, so that one at the end stays.
# caught by: case, punctuation, articles, blanks
def exact_match(prediction, answers):
    def normalised(text):
        text = text.lower().translate(str.maketrans("", "", string.punctuation))
        return " ".join(re.sub(r"\b(a|an|the)\s", " ", text).split())

    return any(normalised(prediction) == normalised(answer) for answer in answers)
