# mistake: an article is also cut off the end of a longer word: the first \b is missing.
# caught by: and nothing more
def exact_match(prediction, answers):
    def normalised(text):
        text = text.lower().translate(str.maketrans("", "", string.punctuation))
        return " ".join(re.sub(r"(an|a|the)\b", " ", text).split())

    return any(normalised(prediction) == normalised(answer) for answer in answers)
