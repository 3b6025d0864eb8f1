# mistake: the article an is kept.
# caught by: case, punctuation, articles, blanks
def exact_match(prediction, answers):
    def normalised(text):
        text = text.lower().translate(str.maketrans("", "", string.punctuation))
        return " ".join(re.sub(r"\b(a|the)\b", " ", text).split())

    return any(normalised(prediction) == normalised(answer) for answer in answers)
