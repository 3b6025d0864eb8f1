"""Grade files as platforms write them, for a class of three students, with Moodle's headings in many languages.

NO: the word for "No" in each language. POINT: the languages that write a decimal point; the others write a decimal comma.
"""

import csv
import io

PEOPLE = [
    ("Ada", "Lovelace", "ada@uni.example", 1234567),
    ("Bob", "Hale", "bob@uni.example", 1234568),
    ("Jörg", "Müller", "jorg@uni.example", 1234569),
]
# {language: texts joined by "|"}. The first text is the word for "Participant". The others are the headings of the grading
# worksheet: identifier, full name, e-mail, status, grade, maximum, can be changed, two times, feedback.
WORKSHEETS = {
    "en": "Participant|Identifier|Full name|Email address|Status|Grade|Maximum grade|Grade can be changed|Last modified (submission)|Last modified (grade)|Feedback comments",
    "en 3": "Participant|Identifier|Full name|Email address|Status|Grade|Maximum Grade|Grade can be changed|Last modified (submission)|Last modified (grade)|Feedback comments",
    "de": "Teilnehmer/in|ID|Vollständiger Name|E-Mail-Adresse|Status|Bewertung|Bestwertung|Bewertung kann geändert werden|Zuletzt geändert (Abgabe)|Zuletzt geändert (Bewertung)|Feedback als Kommentar",
    "fr": "Participant|Identifiant|Nom complet|Adresse de courriel|Statut|Note|Note maximale|La note peut être modifiée|Dernière modification (travail remis)|Dernière modification (note)|Feedback par commentaires",
    "es": "Participante|Identificador|Nombre completo|Dirección de correo|Estatus|Calificación|Calificación máxima|La calificación puede cambiarse|Última modificación (entrega)|Última modificación (calificación)|Comentarios de retroalimentación",
    "it": "Partecipante|Identificativo|Nome completo|Indirizzo email|Stato|Valutazione|Valutazione massima|La valutazione può essere modificata|Ultima modifica (consegna)|Ultima modifica (valutazione)|Commenti di feedback",
    "pt": "Participante|Identificador|Nome completo|Endereço de email|Estado|Nota|Nota máxima|A nota pode ser alterada|Última modificação (trabalho)|Última modificação (nota)|Comentários de feedback",
    "nl": "Deelnemer|Identificatie|Volledige naam|E-mailadres|Status|Cijfer|Maximumcijfer|Cijfer kan gewijzigd worden|Laatst gewijzigd (inzending)|Laatst gewijzigd (cijfer)|Feedbackcommentaar",
    "pl": "Uczestnik|Identyfikator|Imię i nazwisko|Adres e-mail|Status|Ocena|Maksymalna ocena|Ocena może być zmieniona|Ostatnio modyfikowane (zadanie)|Ostatnio modyfikowane (ocena)|Komentarz zwrotny",
    "sv": "Deltagare|Identifierare|Fullständigt namn|E-postadress|Status|Betyg|Maxbetyg|Betyget kan ändras|Senast ändrad (inlämning)|Senast ändrad (betyg)|Feedbackkommentarer",
    "da": "Deltager|Identifikator|Fulde navn|E-mailadresse|Status|Karakter|Maksimumkarakter|Karakteren kan ændres|Sidst ændret (aflevering)|Sidst ændret (karakter)|Feedback-kommentarer",
    "nb": "Deltaker|Identifikator|Fullt navn|E-postadresse|Status|Karakter|Maksimal karakter|Karakteren kan endres|Sist endret (innlevering)|Sist endret (karakter)|Tilbakemeldingskommentarer",
    "fi": "Osallistuja|Tunniste|Koko nimi|Sähköpostiosoite|Tila|Arvosana|Maksimiarvosana|Arvosanaa voi muuttaa|Viimeksi muokattu (palautus)|Viimeksi muokattu (arvosana)|Palautekommentit",
    "cs": "Účastník|Identifikátor|Celé jméno|E-mailová adresa|Stav|Známka|Maximální známka|Známka může být změněna|Poslední změna (odevzdání)|Poslední změna (známka)|Komentáře",
    "tr": "Katılımcı|Tanımlayıcı|Tam adı|E-posta adresi|Durum|Not|En yüksek not|Not değiştirilebilir|Son değiştirme (gönderim)|Son değiştirme (not)|Geri bildirim yorumları",
    "ru": "Участник|Идентификатор|Полное имя|Адрес электронной почты|Состояние|Оценка|Максимальная оценка|Оценка может быть изменена|Последнее изменение (ответ)|Последнее изменение (оценка)|Отзыв в виде комментария",
    "uk": "Учасник|Ідентифікатор|Повне ім'я|Електронна пошта|Стан|Оцінка|Максимальна оцінка|Оцінка може бути змінена|Остання зміна (робота)|Остання зміна (оцінка)|Відгук у вигляді коментаря",
    "ja": "参加者|識別子|フルネーム|メールアドレス|ステータス|評点|最大評点|評点変更可|最終更新日時 (提出)|最終更新日時 (評点)|フィードバックコメント",
    "zh": "参与者|标识符|全名|电子邮件地址|状态|成绩|最高成绩|允许更改成绩|上次修改（作业）|上次修改（评分）|反馈评论",
    "ko": "참여자|식별자|성명|이메일 주소|상태|성적|최대 성적|성적 변경 가능|최종 수정일 (제출)|최종 수정일 (성적)|피드백 댓글",
    "no language known here": "Zbavek|Kowe|Nalim|Posht|Stavu|Merk|Merk top|Merk vil change|Sist (send)|Sist (merk)|Ordu bak",
}  # fmt: skip
NO = {
    "en": "No",
    "de": "Nein",
    "fr": "Non",
    "pt": "Não",
    "fi": "Ei",
    "tr": "Hayır",
    "ru": "Нет",
    "ja": "いいえ",
    "zh": "否",
    "ko": "아니오",
}
POINT = {"en", "en 3", "ja", "zh", "ko"}
GRADEBOOKS = {
    "en": "First name|Last name|ID number|Institution|Department|Email address|Assignment: 04 in-batch loss (Real)|Assignment: 04 in-batch loss (Percentage)|Course total (Real)",
    "de": "Vorname|Nachname|ID-Nummer|Institution|Abteilung|E-Mail-Adresse|Aufgabe:04 in-batch loss (Punkte)|Aufgabe:04 in-batch loss (Prozentsatz)|Kurs gesamt (Punkte)",
    "fr": "Prénom|Nom de famille|Numéro d'identification|Institution|Département|Adresse de courriel|Devoir:04 in-batch loss (Brut)|Devoir:04 in-batch loss (Pourcentage)|Total du cours (Brut)",
    "es": "Nombre|Apellido(s)|Número de ID|Institución|Departamento|Dirección de correo|Tarea:04 in-batch loss (Real)|Tarea:04 in-batch loss (Porcentaje)|Total del curso (Real)",
    "sv": "Förnamn|Efternamn|ID-nummer|Institution|Avdelning|E-postadress|Inlämningsuppgift:04 in-batch loss (Verklig)|Inlämningsuppgift:04 in-batch loss (Procent)|Kurstotal (Verklig)",
    "ja": "名|姓|IDナンバー|組織|部門|メールアドレス|課題:04 in-batch loss (実データ)|課題:04 in-batch loss (パーセンテージ)|コース合計 (実データ)",
}  # fmt: skip


def save(tmp_path, rows, delimiter=",", encoding="utf-8", mark="", newline="\r\n"):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=newline).writerows(rows)
    path = tmp_path / "roster.csv"
    path.write_bytes((mark + out.getvalue()).encode(encoding))
    return path


def read(text, delimiter=","):
    return list(csv.reader(io.StringIO(text), delimiter=delimiter))


def worksheet(language, grade="", feedback="", top=None, extra=True):
    word, *header = WORKSHEETS[language].split("|")
    top, yes = top or ("9.00" if language in POINT else "9,00"), "Yes" if language in POINT else "Ja"
    rows = [[f"{word} {n}", f"{first} {last}", email, "-", grade, top, yes, "-", "-", feedback] for first, last, email, n in PEOPLE]
    return [header, *rows] if extra else [header[:-1], *(r[:-1] for r in rows)]
