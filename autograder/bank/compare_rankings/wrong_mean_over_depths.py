# mistake: average top-k is a mean over 1, 2, ..., k. There is one share only, that of the first k.
# caught by: average top-k
def compare_rankings(teacher, student, k):
    place = teacher.argsort(descending=True, stable=True).argsort().tolist()
    x = [place[i] for i in student.argsort(descending=True, stable=True).tolist()]
    inversions = sum(x[i] > x[j] for j in range(len(x)) for i in range(j))
    average = sum(sum(number < depth for number in x[:depth]) / depth for depth in range(1, k + 1)) / k
    index = 1 + max(i for i, number in enumerate(x) if number < k)
    return inversions, average, index
