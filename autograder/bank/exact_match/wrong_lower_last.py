# mistake: lower case comes after the articles, so that The and A stay.
# caught by: case, punctuation, articles, blanks
def exact_match(prediction, answers):
    def normalised(text):
        text = text.translate(str.maketrans("", "", string.punctuation))
        return " ".join(re.sub(r"\b(a|an|the)\b", " ", text).split()).lower()

    return any(normalised(prediction) == normalised(answer) for answer in answers)
