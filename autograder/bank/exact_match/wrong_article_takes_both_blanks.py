# mistake: an article is deleted together with the blanks on both of its sides. Of two articles in a row the second then has none before it, and stays.
# caught by: case, punctuation, articles, blanks
def exact_match(prediction, answers):
    def plain(text):
        text = "".join(c for c in text.lower() if c not in string.punctuation)
        text = re.sub(r"\s(?:an|a|the)\s", " ", f" {' '.join(text.split())} ")
        return text.split()

    return any(plain(prediction) == plain(answer) for answer in answers)
