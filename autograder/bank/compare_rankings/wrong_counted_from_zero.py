# mistake: index top-k is counted from 0. It is a number of passages to take: the first one is number 1.
# caught by: index top-k
def compare_rankings(teacher, student, k):
    place = teacher.argsort(descending=True, stable=True).argsort().tolist()
    x = [place[i] for i in student.argsort(descending=True, stable=True).tolist()]
    inversions = sum(x[i] > x[j] for j in range(len(x)) for i in range(j))
    average = sum(number < k for number in x[:k]) / k
    index = max(i for i, number in enumerate(x) if number < k)
    return inversions, average, index
