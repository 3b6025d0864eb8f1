# mistake: number k is counted among the teacher's first k, in average top-k as in index top-k. They are the numbers 0 to k - 1.
# caught by: average top-k
def compare_rankings(teacher, student, k):
    place = teacher.argsort(descending=True, stable=True).argsort().tolist()
    x = [place[i] for i in student.argsort(descending=True, stable=True).tolist()]
    inversions = sum(x[i] > x[j] for j in range(len(x)) for i in range(j))
    average = sum(number <= k for number in x[:k]) / k
    index = 1 + max(i for i, number in enumerate(x) if number <= k)
    return inversions, average, index
