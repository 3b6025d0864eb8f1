# mistake: only neighbours are compared. An inversion is any pair of passages in opposite order.
# caught by: inversions
def compare_rankings(teacher, student, k):
    place = teacher.argsort(descending=True, stable=True).argsort().tolist()
    x = [place[i] for i in student.argsort(descending=True, stable=True).tolist()]
    inversions = sum(a > b for a, b in zip(x, x[1:]))
    average = sum(number < k for number in x[:k]) / k
    index = 1 + max(i for i, number in enumerate(x) if number < k)
    return inversions, average, index
