# mistake: index top-k never becomes n: if only the pupil's last passage completes the teacher's first k, all n must be taken.
# caught by: index top-k
def compare_rankings(teacher, student, k):
    place = teacher.argsort(descending=True, stable=True).argsort().tolist()
    x = [place[i] for i in student.argsort(descending=True, stable=True).tolist()]
    inversions = sum(x[i] > x[j] for j in range(len(x)) for i in range(j))
    average = sum(number < k for number in x[:k]) / k
    index = k
    for m in range(k, len(x)):
        index = m
        if sum(number < k for number in x[:m]) == k:
            break
    return inversions, average, index
