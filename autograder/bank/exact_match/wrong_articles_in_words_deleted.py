# mistake: the letters a, an and the are deleted within longer words too. Articles are whole words.
# caught by: and nothing more
def exact_match(prediction, answers):
    def normalised(text):
        text = text.lower().translate(str.maketrans("", "", string.punctuation))
        return " ".join(re.sub(r"(the|an|a)", "", text).split())

    return any(normalised(prediction) == normalised(answer) for answer in answers)
