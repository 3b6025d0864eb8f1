# mistake: only the blanks at the ends go. Runs of blanks within, also those that an article or a sign leaves, become one blank.
# caught by: case, punctuation, articles, blanks
def exact_match(prediction, answers):
    def normalised(text):
        text = text.lower().translate(str.maketrans("", "", string.punctuation))
        return re.sub(r"\b(a|an|the)\b", " ", text).strip()

    return any(normalised(prediction) == normalised(answer) for answer in answers)
